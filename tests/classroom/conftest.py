"""A room on a real server, and students who open it on their phones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from class_server import Class, Room, serving
from phone import Student
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    with serving(tmp_path_factory.mktemp("class") / "rooms.sqlite") as running:
        yield running


@pytest.fixture
def room(server: Class) -> Room:
    return server.open()


@pytest.fixture
def student(browser: Browser, server: Class) -> Iterator[Callable[..., Student]]:
    """Makes students; each must leave no fault behind."""
    made: list[Student] = []

    def make(room: Room, **more: Any) -> Student:
        made.append(Student(browser, more.pop("url", server.url), room.code, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()
    assert not [fault for one in made for fault in one.faults]
