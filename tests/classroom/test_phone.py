"""The phone's page in a real browser, on a real server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from answering import place, some_answer, with_mouse
from class_server import BEST
from phone import Student, votes
from playwright.sync_api import expect

from widgets.bank import load_bank

BANK = load_bank()
FIRST, SECOND = [option["id"] for option in BANK[BEST].item["options"]][:2]  # type: ignore[index]
SENT = "Sent. You can change it until the vote closes."
KEYS = {v.entry.format: key for key, v in BANK.items() if v.chapter == "practice"}


# Coming in.


def test_the_joining_page_says_in_two_sentences_what_is_kept(student, room):
    one = student(room)
    one.open()
    said = one.page.locator("h2:has-text('Your privacy') + p").inner_text()
    assert len(re.findall(r"\.(?= |$)", said)) == 2
    for word in ("No name", "random token", "alias", "stays on the computer", "7 days", "30", "instructor"):
        assert word in said
    assert (
        "when a room is next opened there and the computer is sure of the date" in said
    )  # otherwise nothing is deleted
    expect(one.page.locator("#join")).to_contain_text("count you twice")
    expect(one.page.locator("#room")).to_be_hidden()


def test_a_phone_joins_once_however_often_it_comes_back(student, room):
    one = student(room)
    one.join()
    expect(one.step).to_have_text("You are in")
    alias = one.page.locator("#who").inner_text()
    one.page.reload()
    expect(one.step).to_have_text("You are in")
    expect(one.page.locator("#who")).to_have_text(alias)
    tab = one.context.new_page()
    tab.goto(one.page.url)
    expect(tab.locator("#who")).to_have_text(alias)
    assert room.state()["phones"] == 1


def test_a_code_can_be_typed_with_spaces_and_small_letters(student, room):
    one = student(room)
    one.page.goto(one.url)
    one.page.get_by_label("The code that your instructor shows").fill(f"{room.code[:3]} {room.code[3:]}".lower())
    one.page.keyboard.press("Enter")
    expect(one.page.get_by_role("button", name="Join")).to_be_enabled()
    assert one.page.url == f"{one.url}/{room.code}"


def test_a_wrong_code_is_said_where_it_can_be_typed_again(student, room):
    one = student(room, expects="404")
    one.page.goto(f"{one.url}/?code=nosuch")
    box = one.page.get_by_label("The code that your instructor shows")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(one.page.locator(f"#{box.get_attribute('aria-describedby')}")).to_contain_text("nosuch")


# A round.


def test_a_whole_round(student, room):
    one = student(room)
    one.join()
    room.step("scene")
    expect(one.item.locator(".vignette-scene")).to_be_visible()
    expect(one.item.locator("form")).to_be_hidden()
    room.step("think")
    expect(one.item.locator(f'[value="{FIRST}"]')).to_be_disabled()
    expect(one.item.get_by_role("button", name="Send")).to_be_hidden()
    room.step("vote1")
    one.send()
    expect(one.told).to_have_text("Choose one of these first.")
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    one.choose(SECOND)
    expect(one.told).to_have_text("Changed, and not sent yet.")
    one.send()
    expect(one.told).to_have_text(SENT)
    assert votes(room) == 1
    room.step("talk")
    expect(one.told).to_have_text("The vote is closed. Your answer is in.")
    expect(one.item.locator(f'[value="{SECOND}"]')).to_be_checked()
    expect(one.item.locator(f'[value="{SECOND}"]')).to_be_disabled()
    room.step("vote2")
    expect(one.item.locator(f'[value="{SECOND}"]')).to_be_enabled()
    expect(one.item.locator(f'[value="{SECOND}"]')).to_be_checked()
    assert votes(room, 2) == 0
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    assert one.page.locator(".vignette-reasons").count() == 0
    room.step("reasons")
    expect(one.item).to_have_attribute("data-state", "answered")
    expect(one.item.locator(f'[data-part="{FIRST}"] .vignette-yours')).to_have_text("Your answer.")
    expect(one.item.locator(".vignette-debrief")).to_be_visible()
    room.step("lobby", None)
    expect(one.step).to_have_text("You are in")
    expect(one.item).to_have_count(0)
    room.post("close")
    expect(one.step).to_have_text("The room is closed")


@pytest.mark.parametrize("format", ["pick", "rate", "rank", "sort", "mark", "estimate", "path"])
def test_every_format_is_sent_as_it_was_answered(student, server, format):
    key = KEYS[format]
    room = server.open(key)
    one = student(room)
    one.join()
    room.step("vote1", key)
    item = BANK[key].item
    answer: Any = some_answer(item)
    with_mouse(one.item, item, answer)
    expect(one.told).to_have_text(SENT)
    state = one.page.evaluate(f"fetch('/{room.code}/state').then(reply => reply.json())")
    assert state["yours"]["1"]["answer"] == answer
    assert one.votes() == 1  # a path too: walked alone, sent whole
    one.page.reload()
    expect(one.told).to_have_text(SENT)
    room.step("reasons", key)
    expect(one.item.locator(".vignette-debrief")).to_be_visible()
    expect(one.item).to_have_attribute("data-state", "answered")


def places(one: Student) -> dict[str, str]:
    """What the form says, by option."""
    found = one.item.locator("form select").evaluate_all("all => all.map(e => [e.name, e.value])")
    return dict(found)


def test_an_order_that_is_changed_with_the_buttons_is_not_sent_yet(student, server):
    key = KEYS["rank"]
    room = server.open(key)
    one = student(room)
    one.join()
    room.step("vote1", key)
    ids = [option["id"] for option in BANK[key].item["options"]]
    with_mouse(one.item, BANK[key].item, {id: rank for rank, id in enumerate(ids, start=1)})
    expect(one.told).to_have_text(SENT)
    place(one.item, ids[0]).locator('[data-move="1"]').click()
    expect(one.told).to_contain_text("Not sent yet.")
    expect(one.told).to_contain_text(f"Now in place 2 of {len(ids)}: ")
    expect(one.item).to_have_attribute("data-state", "untouched")
    place(one.item, ids[0]).locator('[data-move="1"]').click()
    expect(one.told).to_contain_text("Not sent yet.")
    expect(one.told).to_contain_text(f"Now in place 3 of {len(ids)}: ")
    room.step("talk", key)
    expect(one.told).to_have_text("The vote is closed. What you had sent stands; the change was not sent.")
    assert places(one) == {id: str(rank) for rank, id in enumerate(ids, start=1)}


def test_an_order_that_was_sent_is_kept_when_one_option_of_it_is_moved(student, server):
    key = KEYS["rank"]
    room = server.open(key)
    one = student(room)
    one.join()
    room.step("vote1", key)
    order = [option["id"] for option in BANK[key].item["options"]][::-1]
    with_mouse(one.item, BANK[key].item, {id: rank for rank, id in enumerate(order, start=1)})
    expect(one.told).to_have_text(SENT)
    one.page.reload()
    expect(one.told).to_have_text(SENT)
    place(one.item, order[0]).locator('[data-move="1"]').click()
    order[:2] = order[1], order[0]
    assert places(one) == {id: str(rank) for rank, id in enumerate(order, start=1)}
    one.send()
    expect(one.told).to_have_text(SENT)
    room.step("vote2", key)
    expect(one.step).to_have_text("Second vote")
    expect(one.told).to_be_empty()
    place(one.item, order[-1]).locator('[data-move="-1"]').click()
    order[-2:] = order[-1], order[-2]
    assert places(one) == {id: str(rank) for rank, id in enumerate(order, start=1)}


def test_a_path_can_be_walked_back_and_sent_anew(student, server):
    key = KEYS["path"]
    room = server.open(key)
    one = student(room)
    one.join()
    room.step("vote1", key)
    answer: Any = some_answer(BANK[key].item)
    with_mouse(one.item, BANK[key].item, answer)
    expect(one.told).to_have_text(SENT)
    expect(one.page.locator(".phone-route li")).to_have_count(len(answer))
    one.item.get_by_role("button", name="Back one step").click()
    expect(one.item.locator(".vignette-route")).to_have_text(f"Decision {len(answer)}")
    expect(one.page.locator(".phone-route")).to_be_hidden()
    one.item.get_by_role("button", name="Go on").click()
    expect(one.told).to_have_text(SENT)
    assert one.votes() == 2
    assert votes(room) == 1


def test_a_sentence_is_written_on_paper_and_sent_nowhere(student, server):
    key = KEYS["say"]
    room = server.open(key)
    one = student(room)
    one.join()
    room.step("vote1", key)
    expect(one.page.locator("#todo")).to_contain_text("on paper")
    expect(one.page.locator("#todo")).to_contain_text("Do not write about a real person.")
    assert one.page.locator("textarea:visible, [type=submit]:visible").count() == 0
    room.step("reasons", key)
    expect(one.item.locator(".vignette-models q").first).to_be_visible()


def test_who_came_late_is_where_the_others_are(student, room):
    room.step("vote1")
    late = student(room)
    late.join()
    expect(late.step).to_have_text("First vote")
    expect(late.item.locator(f'[value="{FIRST}"]')).to_be_enabled()
    room.step("reasons")
    later = student(room)
    later.join()
    expect(later.told).to_have_text("You sent no answer. Here are the reasons.")
    expect(later.item.locator(".vignette-debrief")).to_be_visible()


def test_a_scene_without_a_vote_speaks_of_no_answer(student, server):
    """As in plans that talk a hard scene over: scene, talk, reasons."""
    key = next(key for key, v in BANK.items() if getattr(v.entry, "crisis", False))
    room = server.open(BEST, key)
    one, todo = student(room), "#todo"
    one.join()
    room.step("vote1")
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    room.step("scene", key)
    expect(one.page.locator(todo)).to_have_text("Read it, or listen. If it is voted on, you answer later.")
    room.step("talk", key)
    expect(one.page.locator(todo)).to_have_text("Say to somebody near you how you see it, and listen.")
    one.item.locator(".vignette-note > summary").click()
    expect(one.told).to_be_empty()
    room.step("reasons", key)
    expect(one.page.locator(todo)).to_have_text("What the course argues.")
    expect(one.told).to_have_text("Here are the reasons.")
    expect(one.item.locator(".vignette-debrief")).to_be_visible()
    room.step("talk", BEST)
    expect(one.page.locator(todo)).to_contain_text("Say why you answered as you did")


def test_what_was_not_sent_is_said_to_be_lost_when_the_vote_closes(student, room):
    one, other = student(room), student(room)
    one.join()
    other.join()
    room.step("vote1")
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    one.choose(SECOND)
    other.choose(SECOND)
    room.step("talk")
    expect(one.told).to_have_text("The vote is closed. What you had sent stands; the change was not sent.")
    expect(one.item.locator(f'[value="{FIRST}"]')).to_be_checked()
    expect(other.told).to_have_text("The vote is closed. You had sent no answer.")


# Nobody who is answering is disturbed.


def test_a_new_version_leaves_the_form_the_words_and_the_focus_as_they_are(student, room):
    one, other = student(room), student(room)
    one.join()
    room.step("vote1", asks_reason=True)
    one.choose(FIRST)
    box = one.page.get_by_label("Why?")
    box.fill("Because he asked")
    one.page.evaluate("window.form = document.querySelector('ethics-vignette form')")
    version = room.state()["version"]
    room.step("vote1", seconds=90)
    assert room.state()["version"] > version
    expect(one.page.locator("#left")).to_have_text(re.compile(r"1:\d\d"))
    other.join()
    assert one.page.evaluate("window.form === document.querySelector('ethics-vignette form')")
    expect(box).to_be_focused()
    expect(box).to_have_value("Because he asked")
    expect(one.item.locator(f'[value="{FIRST}"]')).to_be_checked()
    room.step("vote1", asks_reason=False)
    expect(box).to_be_hidden()
    expect(one.item.locator(f'[value="{FIRST}"]')).to_be_checked()


def test_the_focus_goes_to_the_heading_when_the_form_is_closed_under_it(student, room):
    one = student(room)
    one.join()
    room.step("vote1")
    one.item.locator(f'[value="{FIRST}"]').focus()
    room.step("talk")
    expect(one.step).to_have_text("Talk")
    expect(one.step).to_be_focused()


def test_the_instructor_goes_back_and_a_sent_answer_can_be_changed_again(student, room):
    one = student(room)
    one.join()
    room.step("vote1")
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    room.step("talk")
    expect(one.step).to_have_text("Talk")
    room.step("vote1")
    expect(one.told).to_have_text(SENT)
    one.choose(SECOND)
    one.send()
    expect(one.told).to_have_text(SENT)
    room.step("talk")
    expect(one.item.locator(f'[value="{SECOND}"]')).to_be_checked()


# What stands around the vignette.


def test_the_timer_counts_seconds_left_and_does_not_ask_the_phones_date(student, room):
    one = student(room, before="Date.now = () => 1e12")
    one.join()
    room.step("think", seconds=3600)
    expect(one.page.get_by_role("timer")).to_have_text(re.compile(r"Time left: (60:00|59:5\d)"))
    room.step("vote1")
    expect(one.page.get_by_role("timer")).to_be_hidden()


def test_a_reason_is_asked_for_with_a_warning_and_shown_as_text(student, room):
    one, other = student(room), student(room)
    one.join()
    other.join()
    room.step("vote1", asks_reason=True)
    one.choose(FIRST)
    box = one.page.get_by_label("Why?")
    warning = one.page.get_by_text("Do not write about a real person.")
    assert warning.bounding_box()["y"] < box.bounding_box()["y"]  # type: ignore[index]
    box.fill("<img src=x onerror=alert(1)> =1+1")
    one.send()
    expect(one.told).to_have_text(SENT)
    one.page.reload()
    expect(box).to_have_value("<img src=x onerror=alert(1)> =1+1")
    room.step("reasons")
    expect(other.step).to_have_text("The reasons")
    expect(other.page.locator("#shown")).to_be_hidden()  # until the instructor lets it through
    (given,) = room.get("reasons", item=BEST)["reasons"]
    room.post(f"reasons/{given['id']}", shown=True)
    expect(other.page.locator("#shown li")).to_have_text("<img src=x onerror=alert(1)> =1+1")
    assert other.page.locator("#shown img").count() == 0


def test_a_table_is_named_while_people_talk_and_the_second_reason_is_asked_for_anew(student, room):
    one = student(room)
    one.join()
    room.step("vote1", asks_reason=True)
    one.choose(FIRST)
    one.page.get_by_label("Why?").fill("A reason for the first")
    one.send()
    expect(one.told).to_have_text(SENT)
    room.step("talk")
    room.post("tables", item=BEST)
    expect(one.page.locator("#table")).to_have_text(re.compile(r"^Table 1: sit with"))
    room.step("vote2", asks_reason=True)
    expect(one.step).to_have_text("Second vote")
    expect(one.page.locator("#table")).to_be_hidden()
    expect(one.page.get_by_label("Why?")).to_have_value("")


def test_a_crisis_scene_can_be_left_and_come_back_to(student, server):
    key = next(key for key, v in BANK.items() if getattr(v.entry, "crisis", False))
    room = server.open(key)
    one = student(room)
    one.join()
    room.step("think", key, seconds=60)
    one.item.locator(".vignette-note > summary").click()
    expect(one.item.locator(".vignette-help")).to_be_visible()
    expect(one.page.get_by_text("ring the emergency number")).to_be_visible()
    assert one.page.get_by_role("timer").is_hidden()
    one.page.get_by_role("button", name="Leave this scene").click()
    expect(one.item).to_be_hidden()
    room.step("vote1", key)
    expect(one.step).to_have_text("First vote")
    expect(one.item).to_be_hidden()
    one.page.get_by_role("button", name="Come back to the scene").click()
    expect(one.item).to_be_visible()


def test_options_have_the_letters_that_they_have_on_the_wall(student, room):
    one = student(room)
    one.join()
    room.step("think")
    options = one.item.locator(".vignette-option > span")
    for index, option in enumerate(BANK[BEST].entry.options):  # type: ignore[union-attr]
        expect(options.nth(index)).to_have_attribute("data-letter", "ABCD"[index])
        expect(options.nth(index)).to_contain_text(option.text[:20])
