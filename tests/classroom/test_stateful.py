"""A room driven through random orders of join, vote, close, reveal, reconnect and kill, beside a model of what it should be."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from items import best, path, pick, rank

from widgets.classroom import answers, results, rooms
from widgets.classroom.clock import Moment
from widgets.classroom.messages import CastVote, ItemSnapshot, NewRoom, Refused, Seat, StepTo
from widgets.classroom.store import Store
from widgets.grading import grade

ITEMS = {
    "a/best": best(a=4, b=0, c=2),
    "a/pick": pick("any", a=True, b=False),
    "a/rank": rank(a=1, b=2),
    "a/path": path({"one": {"a": (4, "two"), "b": (0, "end")}, "two": {"c": (4, "end"), "d": (0, "end")}}, "end"),
}
ANSWERS = {
    "a/best": ["a", "b", "c"],
    "a/pick": [[], ["a"], ["b", "a"]],
    "a/rank": [{"a": 1, "b": 2}, {"a": 2, "b": 1}, {"b": 1}],
    "a/path": [["b"], ["a", "c"], ["a", "d"]],
}
BAD = [None, "z", ["z"], {}, {"z": 1}, 5, True, ["a", "a"], "\ud800", "a\x00", ["a"] * 3]
STEPS = ("lobby", "scene", "think", "vote1", "talk", "vote2", "reasons")


def shown(item: dict[str, Any]) -> ItemSnapshot:
    words = {"html": "<p>", "reasons": "<p>why", "zone": "A", "chapter": "a", "basis": None, "version": "1"}
    return ItemSnapshot(
        format=item["format"], item=item, crisis=False, scored=True, title="", ask="", labels={}, **words
    )


def numbers(tokens: list[str]) -> set[int]:
    """The phones' own, as the streams know them."""
    return {int(token.partition(".")[0]) for token in tokens}


def opened(path: Path) -> Store:
    """Nobody cuts the power here, so nothing waits for the disk."""
    store = Store.open(path)
    store._driver().execute("PRAGMA synchronous=OFF")
    return store


class AClass(RuleBasedStateMachine):
    """``expected`` is what each phone was told is kept: {phone: {(item, vote): (n, answer)}}."""

    phones = Bundle("phones")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = opened(self.folder / "0" / "rooms.sqlite")
        self.restarts = 0
        asked = NewRoom(items=list(ITEMS), snapshot={key: shown(item) for key, item in ITEMS.items()})
        made = self.store.do(partial(rooms.make, asked=asked, moment=Moment(0.0, 0.0, 0.0)))
        self.code, self.secret = made["code"], made["secret"]
        self.step, self.item, self.version, self.closed = "lobby", None, 1, False
        self.opened: dict[str, int] = {}
        self.revealed: set[str] = set()
        self.expected: dict[str, dict[tuple[str, int], tuple[int, Any]]] = {}
        self.aliases: dict[str, str] = {}
        self.seated: set[str] = set()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def do(self, operation: Any, **about: Any) -> Any:
        return self.store.do(partial(operation, code=self.code, **about))

    @rule(target=phones)
    def join(self) -> Any:
        if self.closed:
            with pytest.raises(Refused, match="closed"):
                self.do(answers.join, token=None)
            return multiple()
        alias, token = self.do(answers.join, token=None)
        assert alias not in self.aliases.values()
        self.expected[token], self.aliases[token] = {}, alias
        return token

    @precondition(lambda self: not self.closed)
    @rule(target=phones, times=st.integers(1, 3))
    def join_until_a_reply_comes(self, times: int) -> Any:
        """The browser has its secret from the page, and joins anew as long as replies are lost."""
        waiting = answers.waiting_token()
        replies = {self.do(answers.join, token=waiting) for _ in range(times)}
        ((alias, token),) = replies
        assert alias not in self.aliases.values()
        self.expected[token], self.aliases[token] = {}, alias
        return token

    @rule(token=phones)
    def reconnect(self, token: str) -> None:
        assert self.do(answers.join, token=token) == (self.aliases[token], None)

    @rule(token=phones, data=st.data())
    def vote(self, token: str, data: st.DataObject) -> None:
        here = self.item or "a/best"
        item = data.draw(st.sampled_from([here, here, here, *ITEMS]))
        vote = data.draw(st.sampled_from([1, 2] if self.step != "vote2" else [2, 2, 1]))
        kept = self.expected[token].get((item, vote), (0, None))
        n = data.draw(st.integers(max(1, kept[0] - 1), kept[0] + 2))
        answer = data.draw(st.sampled_from(ANSWERS[item]))
        cast = CastVote(item=item, vote=vote, n=n, answer=answer, reason="why")
        if not (self.step == f"vote{vote}" and self.item == item):
            with pytest.raises(Refused) as refused:
                self.do(answers.vote, token=token, cast=cast, now=0.0)
            assert refused.value.status == 409
            return
        reply = self.do(answers.vote, token=token, cast=cast, now=0.0)
        if n > kept[0]:
            kept = self.expected[token][item, vote] = (n, answer)
        assert (reply["n"], reply["answer"]) == kept

    @rule(token=phones, more=st.lists(phones, max_size=3), bad=st.sampled_from(BAD))
    def vote_in_a_batch_with_a_bad_one(self, token: str, more: list[str], bad: Any) -> None:
        if self.step not in ("vote1", "vote2") or self.item is None:
            return
        item, vote = self.item, int(self.step[-1])
        batch: list[Any] = [
            partial(
                answers.vote, code=self.code, token=token, now=0.0,
                cast=CastVote.model_construct(item=item, vote=vote, n=10**6, answer=bad, reason=None),
            )
        ]  # fmt: skip
        others = list(dict.fromkeys(more))
        for other in others:
            n = self.expected[other].get((item, vote), (0, None))[0] + 1
            cast = CastVote(item=item, vote=vote, n=n, answer=ANSWERS[item][0])
            batch.insert(0, partial(answers.vote, code=self.code, token=other, cast=cast, now=0.0))
            self.expected[other][item, vote] = (n, ANSWERS[item][0])
        outcomes = self.store.run(batch)
        try:
            ended = grade(ITEMS[item], bad).get("ending", "") is not None
        except ValueError:
            ended = False
        if ended:
            self.expected[token][item, vote] = (10**6, bad)
        assert [outcome.error is None for outcome in outcomes] == [True] * len(others) + [ended]

    @rule(forged=st.sampled_from(["1.x", "", "x", "2.", "99999.abc"]))
    def vote_without_a_token(self, forged: str) -> None:
        cast = CastVote(item=self.item or "a/best", vote=1, n=1, answer="a")
        with pytest.raises(Refused) as refused:
            self.do(answers.vote, token=forged, cast=cast, now=0.0)
        assert refused.value.status == 401

    @precondition(lambda self: not self.closed)
    @rule(
        step=st.sampled_from([*STEPS, "vote1", "vote2"]),
        change=st.sampled_from([None, None, None, *ITEMS]),
        stale=st.booleans(),
    )
    def go(self, step: str, change: str | None, stale: bool) -> None:
        item = None if step == "lobby" else change or self.item or "a/best"
        asked = StepTo(step=step, item=item, version=self.version + (1 if stale else 0))
        opens = int(step[-1]) if step.startswith("vote") else 0
        late = opens and (item in self.revealed or (opens == 1 and self.opened.get(item or "", 0) == 2))
        if stale or late:
            with pytest.raises(Refused) as refused:
                self.do(rooms.step, secret=self.secret, asked=asked, steady=0.0)
            assert refused.value.status == 409
            return
        self.version = self.do(rooms.step, secret=self.secret, asked=asked, steady=0.0)["version"]
        if item != self.item:
            self.seated = set()
        self.step, self.item = step, item
        if item is not None:
            self.opened[item] = max(self.opened.get(item, 0), opens)
        if step == "reasons" and item is not None:
            self.revealed.add(item)

    @precondition(lambda self: self.item is not None)
    @rule(here=st.lists(phones, max_size=3))
    def seat(self, here: list[str]) -> None:
        item, opened = self.item or "", self.opened.get(self.item or "", 0)
        vote = 2 if opened == 2 and self.step != "vote2" else 1
        asked = partial(self.do, results.seat, secret=self.secret, asked=Seat(item=item, size=2), here=numbers(here))
        if opened < vote or self.step == f"vote{vote}":
            with pytest.raises(Refused, match="Close the first vote"):
                asked()
            return
        self.version, tables = asked()
        self.seated = {*here, *(token for token, own in self.expected.items() if (item, vote) in own)}
        assert sum(table["n"] for table in tables) == len(self.seated)

    @precondition(lambda self: len(self.opened) > 1)
    @rule()
    def close(self) -> None:
        self.version = self.do(rooms.close, secret=self.secret)
        self.step, self.item, self.closed, self.seated = "closed", None, True, set()

    @rule()
    def kill(self) -> None:
        """As a killed process leaves it: the file and its log as they are, and another process that opens them."""
        self.restarts += 1
        after = self.folder / str(self.restarts)
        shutil.copytree(self.store.path.parent, after)
        self.store.close()
        self.store = opened(after / "rooms.sqlite")

    @invariant()
    def phones_have_what_was_acknowledged_and_no_more(self) -> None:
        looks = [partial(answers.look, code=self.code, token=token, steady=0.0) for token in self.expected]
        for (token, kept), outcome in zip(self.expected.items(), self.store.run(looks), strict=True):
            _, state = outcome.value
            assert (state["step"], state["item"], state["version"]) == (self.step, self.item, self.version)
            assert state["open"] == (self.step in ("vote1", "vote2"))
            assert state["opened"] == self.opened.get(self.item or "", 0)
            assert (state["table"] is not None) == (token in self.seated)
            assert (state["feedback"] is not None) == (self.step == "reasons")
            assert state["step"] == "reasons" or "why" not in json.dumps({**state, "yours": None})
            for vote in (1, 2):
                own = state["yours"][str(vote)]
                assert (own and (own["n"], own["answer"])) == (kept.get((self.item, vote)) if self.item else None)

    @invariant()
    def counts_are_those_of_the_phones(self) -> None:
        places = [(item, vote) for item in ITEMS for vote in (1, 2)]
        tallies = [
            partial(results.tally, code=self.code, secret=self.secret, item=item, vote=vote) for item, vote in places
        ]
        for (item, vote), outcome in zip(places, self.store.run(tallies), strict=True):
            kept, tally = [own[item, vote][1] for own in self.expected.values() if (item, vote) in own], outcome.value
            assert tally["n"] == len(kept)
            is_open = self.step == f"vote{vote}" and self.item == item
            if is_open or self.opened.get(item, 0) < vote or len(kept) < 5:
                assert not set(tally) & {"counts", "places", "first", "format"}
            elif item == "a/best":
                assert tally["counts"] == {id: kept.count(id) for id in "abc"}


def test_a_room_is_what_it_should_be_whatever_happens_in_it() -> None:
    # A failure prints the steps that led to it; to make them fewer would take minutes.
    some = settings(max_examples=15, stateful_step_count=40, deadline=None, database=None, phases=[Phase.generate])
    run_state_machine_as_test(AClass, settings=some)
