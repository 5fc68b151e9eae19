"""A class over real HTTP: a room, its phones, its votes, and what the instructor reads of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from answering import other_answer, some_answer
from class_server import BEST, KEY, Class, Phone, Room, SetClock, serving
from secrets_of import rewritten, with_entry

from widgets.bank import load_bank
from widgets.classroom import answers, snapshot, tokens
from widgets.classroom.app import one_worker
from widgets.classroom.store import StoreError
from widgets.classroom.streams import HERE
from widgets.grading import course_answer, grade

BANK = load_bank()
ONE_OF_EACH = [
    next(key for key, v in BANK.items() if v.entry.format == format and v.entry.basis != "open" and not v.entry.crisis)
    for format in ("best", "pick", "rate", "rank", "sort", "mark", "estimate", "path")
]
SAY = next(key for key, v in BANK.items() if v.entry.format == "say")
CRISIS = next(key for key, v in BANK.items() if getattr(v.entry, "crisis", False))
OPEN = next(key for key, v in BANK.items() if getattr(v.entry, "basis", "") == "open")
RIGHT = course_answer(BANK[BEST].item or {})
OTHER = next(o["id"] for o in (BANK[BEST].item or {})["options"] if o["id"] != RIGHT)
THIRD = next(o["id"] for o in (BANK[BEST].item or {})["options"] if o["id"] not in (RIGHT, OTHER))


def error(reply: Any, status: int) -> str:
    """The sentence of a refusal."""
    assert reply.status_code == status, reply.text
    sentence = str(reply.json()["error"])
    assert sentence.endswith(".")
    return sentence


def test_a_class_from_the_first_phone_to_the_reasons(room: Room) -> None:
    assert (room.state()["step"], room.state()["phones"]) == ("lobby", 0)
    phones = [room.phone() for _ in range(6)]
    assert (room.state()["phones"], phones[0].state()["item"]) == (6, None)
    room.step("scene")
    state = phones[0].state()
    assert (state["step"], state["open"], state["item"]) == ("scene", False, BEST)
    assert f'data-id="{BEST}"' in state["html"]
    room.step("think", seconds=60)
    assert 58 < phones[0].state()["seconds_left"] <= 60
    room.step("vote1")
    assert phones[0].state()["seconds_left"] is None
    for phone in phones:
        assert phone.state()["vote"] == 1
        assert phone.vote(OTHER).json() == {"n": 1, "answer": OTHER}
    assert phones[0].vote(RIGHT, n=2).json() == {"n": 2, "answer": RIGHT}
    assert room.state()["votes"] == {"1": 6, "2": 0}
    room.step("talk")
    tally = room.get("tally", item=BEST, vote=1)
    assert (tally["n"], tally["counts"][OTHER], tally["counts"][RIGHT]) == (6, 5, 1)
    state = phones[0].state()
    assert state["yours"] == {"1": {"n": 2, "answer": RIGHT, "reason": None}, "2": None}
    room.step("vote2")
    for phone in phones[:5]:
        assert phone.vote(RIGHT, vote=2).status_code == 200
    room.step("reasons")
    assert room.get("tally", item=BEST, vote=2)["counts"][RIGHT] == 5
    feedback = phones[0].state()["feedback"]
    assert feedback["result"] == grade(BANK[BEST].item or {}, RIGHT)
    assert "vignette-reasons" in feedback["reasons"]
    assert phones[5].state()["feedback"]["result"]["verdict"] != "match", "who did not vote again keeps the first"
    room.step("lobby", item=None)
    assert phones[0].state()["item"] is None
    assert room.post("close").status_code == 200
    assert phones[0].state()["step"] == "closed"
    assert error(Phone(room).join(), 409) == "This room is closed. Ask for the code of the next one."


@pytest.mark.parametrize("key", [*ONE_OF_EACH, OPEN], ids=lambda key: f"{BANK[key].entry.format} {key}")
def test_every_format_is_voted_on_tallied_and_graded(server: Class, key: str) -> None:
    room, item = server.open(key), BANK[key].item or {}
    right, other = some_answer(item), (other_answer(item) if item.get("scored", True) else some_answer(item))
    phones = [room.phone() for _ in range(5)]
    room.step("vote1", key)
    for phone, answer in zip(phones, [right, other, right, other, right], strict=True):
        assert phone.vote(answer, item=key).json() == {"n": 1, "answer": answer}
    room.step("reasons", key)
    tally = room.get("tally", item=key, vote=1)
    assert (tally["format"], tally["n"]) == (item["format"], 5)
    for phone, answer in zip(phones, [right, other], strict=False):
        assert phone.state()["feedback"]["result"] == grade(item, answer)


def test_a_say_prompt_is_written_on_paper(server: Class) -> None:
    room = server.open(SAY)
    phone = room.phone()
    room.step("vote1", SAY)
    state = phone.state()
    assert (state["vote"], state["open"], state["notice"]) == (
        None,
        False,
        "Write your sentence on paper. Nothing is sent.",
    )
    assert "on paper" in error(phone.vote("What I would say.", item=SAY), 422)
    room.step("reasons", SAY)
    assert phone.state()["feedback"]["result"] is None
    assert "vignette-models" in phone.state()["feedback"]["reasons"]


def test_nobody_is_hurried_through_a_crisis_and_nothing_of_it_is_drawn(server: Class) -> None:
    room = server.open(CRISIS)
    phones = [room.phone() for _ in range(6)]
    room.step("think", CRISIS, seconds=60)
    assert phones[0].state()["seconds_left"] is None
    room.step("vote1", CRISIS)
    for phone in phones:
        assert phone.vote(some_answer(BANK[CRISIS].item or {}), item=CRISIS).status_code == 200
    room.step("reasons", CRISIS)
    assert room.get("tally", item=CRISIS, vote=1) == {"item": CRISIS, "vote": 1, "n": 6}


def test_a_phone_knows_which_votes_its_scene_has_had(server: Class) -> None:
    room = server.open(BEST, CRISIS, SAY)
    early = room.phone()
    assert early.state()["opened"] == 0
    seen = []
    for step in ("scene", "think", "vote1", "talk", "vote2", "talk", "reasons"):
        room.step(step)
        seen.append(early.state()["opened"])
    assert seen == [0, 0, 1, 1, 2, 2, 2]
    assert room.phone().state()["opened"] == 2, "for who comes late too"
    for step in ("scene", "talk", "reasons"):
        room.step(step, CRISIS)
        assert early.state()["opened"] == 0
    room.step("vote1", SAY)
    assert early.state()["opened"] == 0, "where everyone writes on paper there is no vote"
    room.step("talk", BEST)
    assert early.state()["opened"] == 2


def test_while_a_vote_is_open_only_its_number_is_told(room: Room) -> None:
    phones = [room.phone() for _ in range(6)]
    room.step("vote1")
    for phone in phones:
        phone.vote(RIGHT)
    assert room.get("tally", item=BEST, vote=1) == {"item": BEST, "vote": 1, "n": 6, "open": True}
    assert room.get("answers")["answers"] == []


def test_under_five_answers_nothing_but_their_number_is_told(room: Room) -> None:
    phones = [room.phone() for _ in range(4)]
    room.step("vote1")
    for phone in phones:
        phone.vote(RIGHT)
    room.step("talk")
    assert room.get("tally", item=BEST, vote=1) == {"item": BEST, "vote": 1, "n": 4, "too_few": True}
    answers = room.get("answers")
    assert (answers["answers"], answers["withheld"]) == ([], [{"item": BEST, "vote": 1, "n": 4}])


def test_answers_are_given_for_analysis_without_alias_or_reason(room: Room) -> None:
    phones = [room.phone() for _ in range(5)]
    aliases = [phone.state()["alias"] for phone in phones]
    room.step("vote1", asks_reason=True)
    for phone in phones:
        phone.vote(RIGHT, reason="Because I know somebody like that.")
    room.step("vote2")
    for phone in phones:
        phone.vote(OTHER, vote=2)
    room.step("reasons")
    found = room.get("answers")
    assert [(a["vote"], a["answer"], a["reason"]) for a in found["answers"]] == [(1, RIGHT, None)] * 5 + [
        (2, OTHER, None)
    ] * 5
    assert {a["person"] for a in found["answers"]} == {f"p{n}" for n in range(1, 6)}
    assert found["items"][BEST]["item"] == BANK[BEST].item
    assert found["items"][BEST]["version"] == BANK[BEST].version
    text = json.dumps(found)
    assert not [alias for alias in aliases if alias in text]
    assert "somebody like that" not in text


def test_persons_are_not_numbered_as_they_came(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([5, 4, 3, 2, 1])
    monkeypatch.setattr(answers.secrets, "randbits", lambda bits: next(drawn))
    phones = [room.phone() for _ in range(5)]
    room.step("vote1")
    for phone, answer in zip(phones, [RIGHT, OTHER, OTHER, OTHER, THIRD], strict=True):
        phone.vote(answer)
    room.step("talk")
    found = {row["person"]: row["answer"] for row in room.get("answers")["answers"]}
    assert found == {"p1": THIRD, "p2": OTHER, "p3": OTHER, "p4": OTHER, "p5": RIGHT}


def test_hands_are_counted_for_a_vote_that_was_opened(room: Room) -> None:
    assert "not been opened" in error(room.post("hands", item=BEST, vote=1, counts={RIGHT: 7}), 409)
    room.step("vote1")
    assert room.post("hands", item=BEST, vote=1, counts={RIGHT: 7}).json()["n"] == 7
    assert room.post("hands", item=BEST, vote=1, counts={RIGHT: 4, OTHER: 5}, n=12).json()["n"] == 12
    assert room.state()["hands"] == {"1": 12, "2": 0}
    room.step("talk")
    tally = room.get("tally", item=BEST, vote=1)
    assert (tally["counts"][RIGHT], tally["counts"][OTHER], tally["hands"], tally["phones"]) == (4, 5, 12, 0)
    assert room.get("answers")["hands"] == [{"item": BEST, "vote": 1, "n": 12, "counts": {RIGHT: 4, OTHER: 5}}]
    assert "one of the options" in error(room.post("hands", item=BEST, vote=1, counts={"no-such": 7}), 422)


def test_a_reason_is_shown_only_when_the_instructor_lets_it_through(room: Room) -> None:
    writer, reader = room.phone(), room.phone()
    room.step("vote1", asks_reason=True)
    assert reader.state()["asks_reason"]
    writer.vote(OTHER, reason="He asked me.\nTwice.")
    reader.vote(OTHER, reason="   ")
    reasons = room.get("reasons", item=BEST)["reasons"]
    assert [(r["text"], r["vote"], r["shown"]) for r in reasons] == [("He asked me.\nTwice.", 1, False)]
    room.step("reasons")
    assert reader.state()["shown"] == []
    before = room.state()["version"]
    assert room.post(f"reasons/{reasons[0]['id']}", shown=True).status_code == 200
    assert reader.state()["shown"] == ["He asked me.\nTwice."]
    assert room.state()["version"] > before, "phones must hear of it"
    room.post(f"reasons/{reasons[0]['id']}", shown=False)
    assert reader.state()["shown"] == []
    assert "no such reason" in error(room.post("reasons/999999", shown=True), 404)
    assert "no such reason" in error(room.post(f"reasons/{10**30}", shown=True), 404)


def test_a_reason_that_was_changed_has_to_be_let_through_again(room: Room) -> None:
    writer = room.phone()
    room.step("vote1", asks_reason=True)
    writer.vote(OTHER, reason="Harmless.")
    id = room.get("reasons", item=BEST)["reasons"][0]["id"]
    room.post(f"reasons/{id}", shown=True)
    writer.vote(OTHER, n=2, reason="Not harmless.")
    assert [(r["text"], r["shown"]) for r in room.get("reasons", item=BEST)["reasons"]] == [("Not harmless.", False)]
    error(room.post(f"reasons/{id}", shown=True), 404)


def test_a_reason_that_was_not_asked_for_is_not_kept(room: Room) -> None:
    phone = room.phone()
    room.step("vote1")
    assert phone.vote(OTHER, reason="I say it all the same.").status_code == 200
    assert room.get("reasons", item=BEST)["reasons"] == []


def test_another_rooms_reason_cannot_be_let_through(server: Class, room: Room) -> None:
    writer = room.phone()
    room.step("vote1", asks_reason=True)
    writer.vote(OTHER, reason="Ours.")
    id = room.get("reasons", item=BEST)["reasons"][0]["id"]
    error(server.open().post(f"reasons/{id}", shown=True), 404)


def test_people_who_differ_sit_together_and_nobody_is_told_who_said_what(room: Room) -> None:
    phones = [room.phone() for _ in range(10)]
    room.step("vote1")
    error(room.post("tables", item=BEST, size=4), 409)
    for place, phone in enumerate(phones[:9]):
        phone.vote(RIGHT if place < 3 else OTHER if place < 6 else THIRD)
    room.step("talk")
    phones[9].state()
    before = room.state()["version"]
    reply = room.post("tables", item=BEST, size=4)
    assert reply.json() == {"tables": [{"table": 1, "n": 4}, {"table": 2, "n": 3}, {"table": 3, "n": 3}]}
    assert room.state()["version"] > before
    seats = [phone.state()["table"] for phone in phones]
    for group in (seats[:3], seats[3:6], seats[6:9]):
        assert sorted(group) == [1, 2, 3], "three who agree sit at three tables"


def test_who_has_left_without_an_answer_sits_at_no_table(room: Room) -> None:
    answered, listens, left = room.phone(), room.phone(), room.phone()
    room.step("vote1")
    answered.vote(RIGHT)
    room.step("talk")
    listens.state()
    assert room.post("tables", item=BEST, size=2).json() == {"tables": [{"table": 1, "n": 2}]}
    assert [phone.state()["table"] for phone in (answered, listens, left)] == [1, 1, None]
    assert room.phone().state()["table"] is None, "who comes later was dealt none"


def test_who_is_dealt_no_table_the_second_time_keeps_none_from_the_first(tmp_path: Path) -> None:
    clock = SetClock()
    with serving(tmp_path / "rooms.sqlite", clock=clock) as server:
        room = server.open()
        answered, leaves = room.phone(), room.phone()
        room.step("vote1")
        answered.vote(RIGHT)
        room.step("talk")
        leaves.state()
        room.post("tables", item=BEST)
        assert leaves.state()["table"] == 1
        clock.passes(HERE + 1)
        room.post("tables", item=BEST)
        assert [phone.state()["table"] for phone in (answered, leaves)] == [1, None]


def test_where_nobody_is_there_are_no_tables(room: Room) -> None:
    room.phone()
    room.step("vote1")
    room.step("talk")
    assert room.post("tables", item=BEST).json() == {"tables": []}


def test_a_table_is_for_one_scene(server: Class) -> None:
    room = server.open(BEST, CRISIS)
    phone = room.phone()
    room.step("vote1")
    phone.vote(RIGHT)
    room.step("talk")
    room.post("tables", item=BEST)
    room.step("vote2")
    room.step("talk")
    assert phone.state()["table"] == 1, "the scene is the same"
    room.step("talk", CRISIS)
    assert phone.state()["table"] is None
    room.post("tables", item=BEST)
    room.post("close")
    assert phone.state()["table"] is None


def test_the_tables_of_another_room_stay(server: Class, room: Room) -> None:
    other = server.open()
    phone = other.phone()
    other.step("vote1")
    phone.vote(RIGHT)
    other.step("talk")
    other.post("tables", item=BEST)
    room.step("scene")
    assert phone.state()["table"] == 1


def test_two_tabs_of_an_instructor_do_not_run_over_each_other(room: Room) -> None:
    version = room.state()["version"]
    first = room.desk.post(f"{room.path}/step", json={"step": "vote1", "item": BEST, "version": version})
    assert first.status_code == 200
    second = room.desk.post(f"{room.path}/step", json={"step": "scene", "item": BEST, "version": version})
    assert "Another window" in error(second, 409)
    assert second.json()["room"] == room.state()
    assert room.state()["step"] == "vote1"


@pytest.mark.parametrize(
    ("done", "step", "refused"),
    [
        (["vote1", "talk"], "vote1", False),
        (["vote1", "vote2"], "vote1", True),
        (["vote1", "vote2", "talk"], "vote2", False),
        (["vote1", "reasons"], "vote1", True),
        (["vote1", "reasons"], "vote2", True),
        (["vote1", "reasons", "lobby", "scene"], "vote2", True),
        (["reasons"], "scene", False),
    ],
)
def test_no_vote_is_opened_again_to_those_who_know_more(room: Room, done: list[str], step: str, refused: bool) -> None:
    for before in done:
        room.step(before, None if before == "lobby" else BEST)
    reply = room.try_step(step)
    assert reply.status_code == (409 if refused else 200)


def test_a_step_needs_a_scene_of_this_room(room: Room) -> None:
    assert "Say which scene" in error(room.try_step("vote1", None), 422)
    assert "not one of this room's" in error(room.try_step("vote1", SAY), 422)
    error(room.try_step("dance"), 422)


def test_a_new_scene_begins_with_no_answers(server: Class) -> None:
    room = server.open(BEST, CRISIS)
    phone = room.phone()
    room.step("vote1")
    phone.vote(RIGHT)
    room.step("scene", CRISIS)
    assert room.state()["votes"] == {"1": 0, "2": 0}
    assert phone.state()["yours"] == {"1": None, "2": None}
    room.step("talk", BEST)
    assert phone.state()["yours"]["1"]["answer"] == RIGHT


def test_joining_twice_makes_no_second_phone(room: Room) -> None:
    phone = room.phone()
    alias = phone.join().json()["alias"]
    assert phone.join().json()["alias"] == alias == phone.state()["alias"]
    assert room.state()["phones"] == 1
    room.phone()
    assert room.state()["phones"] == 2


def test_no_two_phones_of_a_room_have_one_alias(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tokens, answers):
        monkeypatch.setattr(module, "KINDS", ("quiet", "keen"))
        monkeypatch.setattr(module, "THINGS", ("heron", "otter"))
    aliases = [room.phone().state()["alias"] for _ in range(4)]
    assert sorted(aliases) == ["keen heron", "keen otter", "quiet heron", "quiet otter"]


def test_who_comes_late_is_where_the_others_are(room: Room) -> None:
    room.step("vote1")
    late = room.phone()
    assert late.state()["open"]
    assert late.vote(RIGHT).status_code == 200


def test_here_counts_those_who_were_seen_of_late(room: Room) -> None:
    phones = [room.phone() for _ in range(3)]
    assert room.state()["here"] == 0
    phones[0].state()
    phones[1].state()
    assert room.state()["here"] == 2


def test_the_room_keeps_its_items_as_they_were(server: Class) -> None:
    entry = rewritten(BANK[BEST].entry)
    bland = with_entry(BANK, BEST, entry)
    room = server.open(BEST, bank=bland)
    phone = room.phone()
    room.step("vote1")
    phone.vote(OTHER)
    room.step("reasons")
    feedback = phone.state()["feedback"]
    assert feedback["result"] == grade(bland[BEST].item or {}, OTHER)
    assert "Bland." in feedback["reasons"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"items": []}, "items"),
        ({"items": [BEST, BEST]}, "only once"),
        ({"items": [BEST, "a/b"]}, "lacks a/b"),
        ({"items": ["a/b"], "snapshot": {}}, "snapshot"),
        ({"reasons_days": 0}, "reasons_days"),
        ({"extra": 1}, "extra: there is no such field"),
    ],
)
def test_a_room_that_cannot_be_is_refused(server: Class, room: Room, change: dict[str, Any], says: str) -> None:
    reply = _open(server, room, change)
    assert says in error(reply, 422)


@pytest.mark.parametrize("item", [None, {}, {"format": "rate"}, {"format": "best", "options": [{"id": "a"}]}])
def test_an_item_that_cannot_be_graded_is_refused(server: Class, item: Any) -> None:
    shown = snapshot.make(BANK, [BEST])
    shown[BEST]["item"] = item
    with server.client(headers={"Authorization": f"Bearer {KEY}"}) as owner:
        reply = owner.post("/api/rooms", json={"items": [BEST], "snapshot": shown})
    assert "cannot be graded" in error(reply, 422)


def _open(server: Class, room: Room, change: dict[str, Any]) -> Any:
    body = {"items": [BEST], "snapshot": snapshot.make(BANK, [BEST]), **change}
    with server.client(headers={"Authorization": f"Bearer {KEY}"}) as owner:
        return owner.post("/api/rooms", json=body)


def test_a_forgotten_room_is_gone_for_everybody(room: Room) -> None:
    phone = room.phone()
    assert room.desk.delete(room.path).status_code == 200
    error(room.desk.get(room.path), 404)
    error(phone.http.get(f"/{room.code}/state"), 404)
    assert phone.http.get(f"/{room.code}").status_code == 404


def test_a_closed_room_can_be_read_and_not_run(room: Room) -> None:
    room.post("close")
    version = room.state()["version"]
    assert room.post("close").status_code == 200
    assert room.state()["version"] == version
    assert "closed" in error(room.try_step("scene"), 409)
    assert room.get("answers")["answers"] == []


def test_a_codes_page_and_the_form_that_asks_for_it(server: Class, room: Room) -> None:
    http = server.client()
    assert http.get("/").status_code == 200
    typed = http.get("/", params={"code": f" {room.code[:3].lower()} {room.code[3:].lower()}"})
    assert (typed.status_code, typed.headers["location"]) == (303, f"/{room.code}")
    lower = http.get(f"/{room.code.lower()}")
    assert (lower.status_code, lower.headers["location"]) == (303, f"/{room.code}")
    page = http.get(f"/{room.code}")
    assert page.status_code == 200
    assert "7 days" in page.text
    assert "30" in page.text
    wrong = http.get("/CCCCCC")
    assert wrong.status_code == 404
    assert "CCCCCC" in wrong.text
    assert http.get("/", params={"code": "<script>"}).text.count("<script>") == 0


def test_the_files_of_the_page_may_be_kept_by_their_version_only(server: Class, room: Room) -> None:

    page = server.client().get(f"/{room.code}").text
    files = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert files
    for file in files:
        reply = server.client().get(file)
        assert (reply.status_code, "immutable" in reply.headers["cache-control"]) == (200, True)
    stale = re.sub(r"/assets/\w+/", "/assets/other/", files[0])
    assert server.client().get(stale).headers["cache-control"] == "no-cache"
    error(server.client().get("/assets/x/store.py"), 404)


def test_more_than_one_worker_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    one_worker()
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    with pytest.raises(StoreError, match=r"4 workers.*one worker.*Unset WEB_CONCURRENCY"):
        one_worker()


def test_a_full_room_takes_nobody_more(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_PHONES", 2)
    first = room.phone()
    room.phone()
    assert "full" in error(Phone(room).join(), 409)
    assert first.join().status_code == 200, "who is in stays in"
