"""CI calls what everybody calls: the Makefile's targets and the files that they write."""

from __future__ import annotations

import re

from built_book import REPOSITORY
from ruamel.yaml import YAML

JOBS = YAML(typ="safe").load(REPOSITORY / ".github" / "workflows" / "book.yml")["jobs"]


def runs(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def test_every_target_that_ci_makes_is_in_the_makefile() -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    made = [run.split()[1] for job in JOBS for run in runs(job) if run.startswith("make ")]
    assert {"test", "book", "zip"} <= set(made) <= set(targets)


def test_a_tag_gets_the_archive_that_make_zip_makes() -> None:
    job = JOBS["archive"]
    zipped, released = runs("archive")
    assert "ref_type == 'tag'" in job["if"]
    assert job["needs"] == "test"
    assert zipped == "make zip"
    # widgets/__main__.py writes it beside the built book.
    assert "_build/where-the-line-is.zip" in released
