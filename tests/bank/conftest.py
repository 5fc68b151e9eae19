from pathlib import Path

import pytest
from sample_course import Course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A small valid course in a folder of its own."""
    return Course(tmp_path)
