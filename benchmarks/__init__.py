"""What the course costs a reader and an author, measured: ``python -m benchmarks`` prints one table."""
