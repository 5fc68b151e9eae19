"""Links a glossary term to its entry where a chapter first uses it, so that no author has to remember to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

# A term is linked in running text only: a heading, a link or a citation has its own job.
PLAIN = (nodes.paragraph, nodes.emphasis, nodes.strong)
# Where a term's word means what it means anywhere.
EVERYDAY = ("arrow keys", "in the open", "open door", "opens", "with twins", "lean on", "leans on")


def glossary_terms(path: Path) -> list[str]:
    """The terms of a page's ``{glossary}`` blocks, longest first, so that "dual relationship" beats "relationship"."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    blocks = re.findall(r"^```\{glossary\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    terms = [
        line.strip() for block in blocks for line in block.splitlines() if line.strip() and not line.startswith(" ")
    ]
    return sorted(terms, key=lambda term: (-len(term), term))


def link_first_uses(doctree: nodes.document, docname: str, terms: Iterable[str]) -> None:
    """Replace the first plain use of each term by a reference to its glossary entry."""
    waiting = {term.lower(): term for term in terms}
    if not waiting:
        return
    everyday, terms = ("|".join(map(re.escape, words)) for words in (EVERYDAY, waiting))
    pattern = re.compile(rf"\b(?:{everyday}|({terms})s?)\b", re.IGNORECASE)
    for text in list(doctree.findall(nodes.Text)):
        if not isinstance(text.parent, PLAIN) or not _in_running_text(text):
            continue
        pieces: list[nodes.Node] = []
        at, whole = 0, str(text)
        for match in pattern.finditer(whole):
            term = waiting.pop((match.group(1) or "").lower(), None)
            if term is None:
                continue
            reference = addnodes.pending_xref(
                "", nodes.inline("", match.group(), classes=["term"]), refdomain="std", reftype="term",
                reftarget=term, refdoc=docname, refexplicit=True, refwarn=True,
            )  # fmt: skip
            pieces += [nodes.Text(whole[at : match.start()]), reference]
            at = match.end()
        if pieces:
            parent = text.parent
            place = parent.index(text)
            parent[place : place + 1] = [*pieces, nodes.Text(whole[at:])]


def _in_running_text(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.title | nodes.reference | nodes.table | addnodes.pending_xref | nodes.Admonition):
            return False
    return True
