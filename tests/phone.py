"""A student's phone: a browser context of its own, as small as a phone, that watches for what no page may do."""

from __future__ import annotations

import re
from typing import Any

from class_server import Room
from playwright.sync_api import Browser, Locator, Page, expect

SMALL = {"width": 360, "height": 740}


class Student:
    """Opens a room's page.

    >>> student = Student(browser, room.server.url, room.code)
    >>> student.join()
    >>> student.item.get_by_role("radio").first.check()

    ``faults`` are requests to other places, errors that nobody caught, and errors on the console but for what
    ``expects`` matches.
    """

    def __init__(self, browser: Browser, url: str, code: str, *, expects: str = "$^", before: str = "", **context: Any):
        self.url, self.code, self.faults = url, code, list[str]()
        self.context = browser.new_context(**{"viewport": SMALL, "is_mobile": True, "has_touch": True, **context})
        if before:
            self.context.add_init_script(before)
        self.asked: list[tuple[str, str]] = []
        self.context.on("request", lambda request: self._asked(request.method, request.url))
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("console", lambda said: self._said(said.type, said.text, expects))
        self.page: Page = self.context.new_page()

    def _asked(self, method: str, url: str) -> None:
        self.asked.append((method, url.removeprefix(self.url)))
        if not url.startswith((self.url, "data:")):
            self.faults.append(f"asked for {url}")

    def _said(self, kind: str, text: str, expects: str) -> None:
        if kind == "error" and not re.search(expects, text):
            self.faults.append(text)

    def open(self) -> None:
        self.page.goto(f"{self.url}/{self.code}")

    def join(self) -> None:
        self.open()
        self.page.get_by_role("button", name="Join").click()
        expect(self.step).not_to_have_text("One moment")

    @property
    def step(self) -> Locator:
        """The heading that says what is going on."""
        return self.page.locator("#step")

    @property
    def item(self) -> Locator:
        return self.page.locator("ethics-vignette")

    @property
    def told(self) -> Locator:
        """What the vignette says of the answer."""
        return self.item.locator(".vignette-outcome")

    def choose(self, value: str) -> None:
        self.item.locator(f'label:has(> input[value="{value}"])').click()

    def send(self) -> None:
        self.item.get_by_role("button", name="Send", exact=True).click()

    def votes(self) -> int:
        """How many votes this phone has tried to send."""
        return sum(method == "PUT" for method, _ in self.asked)

    def close(self) -> None:
        self.context.close()


def votes(room: Room, vote: int = 1) -> int:
    """How many answers the room has in the round that is going on."""
    return int(room.state()["votes"][str(vote)])
