"""HTML as a tree, read without a browser's forgiveness: a tag that is left open or closed twice is an error."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = {"br", "hr", "img", "input", "meta", "link", "wbr"}
# What may stand in these is text and inline elements only (HTML Standard, phrasing content).
PHRASING = {"p", "span", "label", "legend", "summary", "button", "b", "em", "strong", "small", "q", "dt", "a"}
INLINE = {
    *("a", "b", "br", "button", "code", "em", "img", "input", "label", "output", "q", "select", "small", "span"),
    *("strong", "textarea", "option"),
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()
        self.open: list[str] = []
        self.builder.start("root", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        for above in self.open:
            assert above not in PHRASING or tag in INLINE, f"<{tag}> inside <{above}>"
        for interactive in ("label", "button", "a", "form"):
            assert not (tag == interactive and tag in self.open), f"<{tag}> inside <{tag}>"
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-1:]}"
        self.builder.end(self.open.pop())

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def tree(html: str) -> Element:
    """The HTML's elements below one made-up ``<root>``; AssertionError says where nesting is wrong."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"left open: {reader.open}"
    reader.builder.end("root")
    return reader.builder.close()


def words(element: Element) -> str:
    """The element's text as one line."""
    return " ".join("".join(element.itertext()).split())


def classed(element: Element, name: str) -> list[Element]:
    """The elements below that have the class."""
    return [e for e in element.iter() if name in e.get("class", "").split()]


def controls(element: Element) -> Iterator[Element]:
    """The form controls below."""
    return (e for e in element.iter() if e.tag in ("input", "select", "textarea"))
