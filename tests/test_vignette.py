from typing import Any

import pytest
from secrets_of import rewritten, with_entry
from tree import classed, tree, words

from widgets.bank import load_bank
from widgets.grading import AnswerError, course_answer, grade
from widgets.vignette import VignetteWidget, vignette

BANK = load_bank()
EVERY_ITEM = pytest.mark.parametrize("key", list(BANK))
ONE_OF_EACH = [next(key for key, v in BANK.items() if v.entry.format == format and v.entry.basis != "open") for format in
               ("best", "pick", "rate", "rank", "sort", "mark", "estimate", "path")]  # fmt: skip
EVERY_FORMAT = pytest.mark.parametrize("key", ONE_OF_EACH, ids=lambda key: BANK[key].entry.format)
BEST = ONE_OF_EACH[0]
PATH = ONE_OF_EACH[-1]
SAY = next(key for key, v in BANK.items() if v.entry.format == "say")


def submit(widget: VignetteWidget, n: str, **submission: Any) -> dict[str, Any]:
    """What the browser sends, and what the kernel has for it then."""
    widget.set_state({"_submission": {"n": n, **submission}})
    return feedback(widget)


def feedback(widget: VignetteWidget) -> dict[str, Any]:
    got: dict[str, Any] = widget.get_state("_feedback")["_feedback"]
    return got


def item(key: str) -> Any:
    return BANK[key].item


def another(key: str) -> str:
    """An option of a best item that is not the course's."""
    return next(o["id"] for o in item(key)["options"] if o["id"] != course_answer(item(key)))


# From Python.


@EVERY_FORMAT
def test_an_answer_set_from_python_has_a_result_and_is_shown(key):
    w = vignette(key)
    assert w.answer is None
    assert w.result is None
    assert feedback(w) == {}
    answer = course_answer(item(key))
    w.answer = answer
    assert w.answer == answer
    assert w.result == grade(item(key), answer)
    assert feedback(w)["answer"] == answer
    assert feedback(w)["result"] == w.result
    assert 'class="vignette-reasons"' in feedback(w)["reasons"]


@pytest.mark.parametrize("before", [None, course_answer(item(BEST))], ids=["untouched", "answered"])
def test_an_answer_that_cannot_be_graded_is_refused_and_changes_nothing(before):
    w = vignette(BEST)
    w.answer = before
    was = (w.answer, w.result, feedback(w))
    with pytest.raises(AnswerError, match="not one of the options here"):
        w.answer = "no-such-option"
    assert (w.answer, w.result, feedback(w)) == was


def test_taking_the_answer_back_takes_the_result_back():
    w = vignette(BEST)
    w.answer = another(BEST)
    w.answer = None
    assert w.result is None


def test_a_result_set_from_python_is_shown():
    w = vignette(BEST)
    w.answer = another(BEST)
    w.result = {**w.result, "marks": 3, "verdict": "close"}
    assert feedback(w)["result"]["marks"] == 3
    assert feedback(w)["answer"] == another(BEST)


def test_an_open_item_is_answered_and_not_scored():
    key = next(k for k, v in BANK.items() if getattr(v.entry, "basis", "") == "open" and v.entry.format == "best")
    w = vignette(key)
    w.answer = item(key)["options"][0]["id"]
    assert (w.result["verdict"], w.result["marks"], w.result["out_of"]) == ("open", 0, 0)
    assert feedback(w)["reasons"]


# From the browser.


@EVERY_FORMAT
def test_a_submission_is_graded_and_answered_under_its_number(key):
    w = vignette(key)
    answer = course_answer(item(key))
    got = submit(w, "one", answer=answer)
    assert got["n"] == "one"
    assert got["result"] == grade(item(key), answer) == w.result
    assert got["answer"] == answer == w.answer


def test_the_same_answer_again_is_answered_again():
    w = vignette(BEST)
    first = submit(w, "one", answer=another(BEST))
    again = submit(w, "two", answer=another(BEST))
    assert again["n"] == "two"
    assert again["result"] == first["result"]
    assert again["reasons"] == first["reasons"]


@pytest.mark.parametrize("bad", ["no-such-option", [1], 5, {}, True, ["a", "a"]])
def test_a_submission_that_cannot_be_graded_is_answered_with_the_reason_and_changes_nothing(bad):
    w = vignette(BEST)
    assert set(submit(w, "one", answer=bad)) == {"n", "error"}
    assert w.answer is None
    w.answer = good = course_answer(item(BEST))
    got = submit(w, "two", answer=bad)
    with pytest.raises(AnswerError) as error:
        grade(item(BEST), bad)
    assert got == {"n": "two", "error": str(error.value)}
    assert (w.answer, w.result) == (good, grade(item(BEST), good))


@EVERY_ITEM
def test_reasons_asked_for_come_without_a_result(key):
    w = vignette(key)
    got = submit(w, "one", reveal=True)
    assert set(got) == {"n", "reasons"}
    assert got["n"] == "one"
    assert words(classed(tree(got["reasons"]), "vignette-debrief")[0])
    assert w.answer is None
    assert w.result is None


def prefixes(key: str) -> list[list[str]]:
    answer = course_answer(item(key))
    assert isinstance(answer, list)
    return [answer[:n] for n in range(1, len(answer))]


def test_a_path_that_goes_on_has_no_ending_and_no_reasons_yet():
    assert prefixes(PATH)
    w = vignette(PATH)
    for n, prefix in enumerate(prefixes(PATH)):
        got = submit(w, str(n), answer=prefix)
        assert set(got) == {"n", "answer", "result"}
        assert got["result"]["ending"] is None
    got = submit(w, "end", answer=course_answer(item(PATH)))
    assert got["result"]["ending"] in item(PATH)["endings"]
    assert got["reasons"]


def test_a_sentence_is_never_graded():
    w = vignette(SAY)
    w.answer = "I would rather stay your neighbour."
    assert w.result is None
    assert "result" not in feedback(w)
    assert "result" not in submit(w, "one", answer="Something else.")
    assert w.result is None
    assert "vignette-models" in submit(w, "two", reveal=True)["reasons"]


# What the browser gets before there is an answer.


def sent(widget: VignetteWidget) -> dict[str, Any]:
    """All that is synced; the layout is another widget's, with an id of its own."""
    return {name: value for name, value in widget.get_state().items() if name != "layout"}


@EVERY_ITEM
def test_nothing_that_is_sent_before_an_answer_depends_on_the_key_or_the_reasons(key):
    other = with_entry(BANK, key, rewritten(BANK[key].entry))
    mine, others = VignetteWidget(key), VignetteWidget(key, other)
    assert sent(mine) == sent(others)
    assert bundle(mine)["text/html"] == bundle(others)["text/html"]
    # The two are not the same vignette: once revealed they differ.
    assert submit(mine, "one", reveal=True) != submit(others, "one", reveal=True)


@EVERY_ITEM
def test_nothing_that_is_sent_before_an_answer_says_why(key):
    def text(html: str) -> str:
        return words(tree(html))

    w = vignette(key)
    shown = text(sent(w)["_html"])
    reasons = tree(submit(w, "one", reveal=True)["reasons"])
    told = [
        *classed(reasons, "vignette-why"),
        *classed(reasons, "vignette-debrief"),
        *classed(reasons, "vignette-course"),
    ]
    assert told
    assert not [words(e) for e in told if words(e) and words(e) in shown]


def bundle(widget: VignetteWidget) -> dict[str, Any]:
    data, _ = widget._repr_mimebundle_()
    return data


@EVERY_ITEM
def test_a_cell_shows_the_live_view_or_else_the_unkeyed_html_or_its_name(key):
    data = bundle(vignette(key))
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    (shown,) = tree(data["text/html"])
    assert shown.get("data-id") == key
    assert shown.get("data-state") == "untouched"
    # nbval compares it, so it is the same in every run.
    assert data["text/plain"] == f"vignette('{key}')"


def test_a_cell_run_again_after_an_answer_still_keeps_the_reasons_out_of_the_html():
    w = vignette(BEST)
    before = bundle(w)["text/html"]
    w.answer = course_answer(item(BEST))
    assert bundle(w)["text/html"] == before


def test_two_widgets_of_one_vignette_are_answered_apart():
    one, two = vignette(BEST), vignette(BEST)
    one.answer = another(BEST)
    assert two.answer is None
    assert feedback(two) == {}
