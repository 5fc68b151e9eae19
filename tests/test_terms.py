"""A glossary term is a link where a page first uses it, and plain text after that."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from widgets.terms import glossary_terms, link_first_uses


def page(*children: nodes.Node) -> nodes.document:
    document = new_document("page")
    document += list(children)
    return document


def linked(document: nodes.document) -> list[tuple[str, str]]:
    return [(r.astext(), r["reftarget"]) for r in document.findall(addnodes.pending_xref)]


def test_the_terms_are_those_of_the_glossary_blocks_longest_first(tmp_path: Path) -> None:
    path = tmp_path / "glossary.md"
    path.write_text("# G\n\n```{glossary}\nrole\n  A part.\n\ndual role\n  Two.\n```\n\nnot a term\n", encoding="utf-8")

    assert glossary_terms(path) == ["dual role", "role"]


def test_a_page_without_a_glossary_has_no_terms(tmp_path: Path) -> None:
    assert glossary_terms(tmp_path / "none.md") == []


def test_only_the_first_use_is_linked_with_the_words_that_stand_there() -> None:
    document = page(nodes.paragraph("", "Boundaries matter."), nodes.paragraph("", "A boundary is a tool."))
    link_first_uses(document, "page", ["boundary", "boundaries"])

    assert linked(document) == [("Boundaries", "boundaries"), ("boundary", "boundary")]
    assert document.astext() == "Boundaries matter.\n\nA boundary is a tool."


def test_the_longer_term_wins_where_both_fit() -> None:
    document = page(nodes.paragraph("", "A dual role is two."))
    link_first_uses(document, "page", ["dual role", "role"])

    assert linked(document) == [("dual role", "dual role")]


def test_headings_links_and_parts_of_words_stay_as_they_are() -> None:
    link = nodes.reference("", "role", refuri="#")
    document = page(nodes.title("", "The role"), nodes.paragraph("", "", nodes.Text("A roleplay and a "), link))
    link_first_uses(document, "page", ["role"])

    assert linked(document) == []


def test_an_everyday_sense_of_the_word_is_not_the_term() -> None:
    document = page(nodes.paragraph("", "Tab and the arrow keys. Said in the open. The key is the course's, or open."))
    link_first_uses(document, "page", ["key", "open"])

    assert linked(document) == [("key", "key"), ("open", "open")]
    assert document.astext() == "Tab and the arrow keys. Said in the open. The key is the course's, or open."
    first, *_ = document.findall(addnodes.pending_xref)
    assert str(first.parent[0]).endswith("Said in the open. The ")
