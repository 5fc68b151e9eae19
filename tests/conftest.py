"""The course is built once a run, and served and opened for every test that looks at it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator

import pytest
from browser import ARGUMENTS, Reader, find_chromium, serve
from built_book import Book, BuildError, build, copy_course
from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE = 30_000  # milliseconds: a machine with two cores may be running both workers and a build


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The whole course, built once a run with warnings as errors, whoever of xdist's workers comes first."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # what the workers of one run share
    course, outcome = folder / "course", folder / "course.outcome"
    with (folder / "course.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            try:
                build(copy_course(course), "-W", "-n", "--keep-going")
            except BuildError as error:
                outcome.write_text(str(error), encoding="utf-8")
            else:
                outcome.touch()
    fault = outcome.read_text(encoding="utf-8")
    if fault:
        pytest.fail(fault, pytrace=False)
    return Book(course)


@pytest.fixture(scope="session")
def site(book: Book) -> Iterator[str]:
    """The URL of the built book, served over HTTP."""
    with serve(book.html) as url:
        yield url


# For one test file at a time: while it is open, asyncio takes Playwright's loop for a running one, and another
# file's asyncio.run() would refuse.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, site: str, book: Book) -> Iterator[Reader]:
    """Opens pages of the built book; a request outside its folder or an error on the console fails the test."""
    reader = Reader(browser, site, book.html)
    yield reader
    reader.close()
    assert not reader.faults
