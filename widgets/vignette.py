"""The live vignette of a notebook: the page's HTML, answered by the kernel.

The browser gets no key: the HTML is the unkeyed guise, and marks and reasons follow only once there is an answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .bank import Bank, load_bank
from .grading import AnswerError, grade
from .markup import reasons_html, vignette_html
from .style import widget_style

FRONTEND = Path(__file__).parent / "frontend"


class VignetteWidget(anywidget.AnyWidget):
    """One vignette that a reader answers in the notebook, or an instructor from Python.

    >>> w = vignette("boundaries/barbecue-intake")
    >>> w.answer = "name-the-role"
    >>> w.result["verdict"]
    'match'

    ``answer`` has the shape that the format asks for (see ``widgets.grading``) and is None before there is one;
    setting one that cannot be graded raises ``AnswerError`` and changes nothing. ``result`` is what ``grade``
    returned for it; to read it is safe, to set it shows it in place of the grader's. Neither is sent to the browser
    before an answer is.
    """

    _esm = FRONTEND / "vignette.js"
    _css = widget_style()

    _html = traitlets.Unicode().tag(sync=True)
    _submission = traitlets.Dict().tag(sync=True)
    _feedback = traitlets.Dict().tag(sync=True)

    answer = traitlets.Any(None, allow_none=True)
    result: Any = traitlets.Dict(default_value=None, allow_none=True)

    def __init__(self, key: str, bank: Bank | None = None) -> None:
        self._bank = bank or load_bank()
        self._vignette = self._bank[key]
        self._asked = ""  # the submission that is being answered
        super().__init__(_html=vignette_html(self._bank, key, keyed=False))

    @traitlets.validate("answer")
    def _gradable(self, proposal: Any) -> Any:
        item = self._vignette.item
        if proposal.value is not None and item is not None:
            grade(item, proposal.value)  # AnswerError: the answer stays what it was
        return proposal.value

    @traitlets.observe("answer")
    def _answered(self, change: Any) -> None:
        item = self._vignette.item
        self.result = None if change.new is None or item is None else grade(item, change.new)

    @traitlets.observe("result")
    def _graded(self, change: Any) -> None:
        self._show()

    @traitlets.observe("_submission")
    def _submitted(self, change: Any) -> None:
        """The browser asks: grade this answer, or show the reasons."""
        self._asked = str(change.new.get("n", ""))
        try:
            if change.new.get("reveal"):
                self._feedback = {"n": self._asked, "reasons": self._reasons()}
                return
            self.answer = change.new.get("answer")
            self._show()  # the same answer again changes no trait, but the browser still waits
        except AnswerError as error:
            self._feedback = {"n": self._asked, "error": str(error)}

    def _show(self) -> None:
        if self.result is None:
            return
        feedback: dict[str, Any] = {"n": self._asked, "answer": self.answer, "result": self.result}
        # A path that goes on shows its reasons at its end.
        if self.result.get("ending", "") is not None:
            feedback["reasons"] = self._reasons()
        self._feedback = feedback

    def _reasons(self) -> str:
        return reasons_html(self._bank, self._vignette.key)

    def __repr__(self) -> str:
        return f"vignette({self._vignette.key!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The live view, and beside it the vignette without key, marks or reasons."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
        data["text/plain"], data["text/html"] = repr(self), self._html
        return (data, bundle[1]) if isinstance(bundle, tuple) else data


def vignette(key: str) -> VignetteWidget:
    """The vignette ``"chapter/id"``, ready to be answered; KeyError names the nearest ids for an unknown one."""
    return VignetteWidget(key)
