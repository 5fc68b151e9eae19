from collections.abc import Iterator
from pathlib import Path

import pytest
from built_book import copy_course
from live import Jupyter, serving


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course, whose notebooks may be run and saved."""
    return copy_course(tmp_path_factory.mktemp("live") / "course")


@pytest.fixture(scope="module")
def lab(course: Path) -> Iterator[Jupyter]:
    with serving("jupyterlab", course, course.parent / "lab") as jupyter:
        yield jupyter


@pytest.fixture(scope="module")
def notebook7(course: Path) -> Iterator[Jupyter]:
    with serving("notebook", course, course.parent / "notebook7") as jupyter:
        yield jupyter
