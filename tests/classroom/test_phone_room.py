"""A phone's line to its room: streams, polling, and votes that wait; in a real browser, on a real server."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import Any

import pytest
from browser import ARGUMENTS, find_chromium
from class_server import BEST
from phone import Student, votes
from playwright.sync_api import Route, expect

from widgets.bank import load_bank

FIRST, SECOND, THIRD = [option["id"] for option in load_bank()[BEST].item["options"]][:3]  # type: ignore[index]
SENT = "Sent. You can change it until the vote closes."


def cut(route: Route) -> None:
    route.abort()


def test_a_network_that_blocks_streams_is_asked_again_and_again(student, room):
    one = student(room, expects="ERR_FAILED")
    one.context.route("**/events", cut)
    one.join()
    room.step("vote1")
    expect(one.step).to_have_text("First vote", timeout=5000)
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    assert votes(room) == 1


def test_a_stream_says_what_polling_would_not_have_seen_yet(student, room):
    """With the clock held, nothing but the stream can bring the step."""
    one = student(room)
    one.page.clock.install()
    with one.page.expect_response("**/events"):
        one.join()
    one.page.clock.pause_at(one.page.evaluate("Date.now()") + 1000)
    room.step("scene")
    expect(one.step).to_have_text("The scene")


def test_a_proxy_that_is_down_for_a_while_does_not_end_it(student, room):
    one = student(room, expects="502|MIME")
    down: list[str] = []

    def bad_gateway(route: Route) -> None:
        down.append(route.request.url)
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")

    one.join()
    one.context.route(re.compile("/(state|events)$"), bad_gateway)
    one.page.reload()
    expect(one.page.locator("#link")).to_contain_text("No line to the room")
    room.step("scene")
    with one.page.expect_response(lambda reply: reply.url.endswith("/events") and reply.ok):
        one.context.unroute_all()
    expect(one.step).to_have_text("The scene")
    expect(one.page.locator("#link")).to_be_empty()
    assert len(down) >= 2


def test_a_vote_waits_on_the_phone_until_the_room_takes_it(student, room):
    one = student(room, expects="503")
    one.join()
    room.step("vote1")
    tried: list[Any] = []

    def full(route: Route) -> None:
        tried.append(route.request.post_data_json)
        route.fulfill(status=503, json={"error": "The disk is full."})

    one.context.route("**/vote", full)
    one.choose(FIRST)
    one.send()
    expect(one.told).to_contain_text("kept on this phone")
    one.page.reload()
    expect(one.told).to_contain_text("kept on this phone")
    expect(one.item.locator(f'[value="{FIRST}"]')).to_be_checked()
    assert votes(room) == 0
    one.context.unroute_all()
    expect(one.told).to_have_text(SENT)
    assert votes(room) == 1
    assert {vote["n"] for vote in tried} == {1}


def test_a_vote_that_was_cast_without_a_network_arrives_when_there_is_one(student, room):
    one = student(room, expects="ERR_INTERNET_DISCONNECTED")
    one.join()
    room.step("vote1")
    one.choose(FIRST)
    one.context.set_offline(True)
    one.send()
    expect(one.told).to_contain_text("kept on this phone")
    one.context.set_offline(False)
    expect(one.told).to_have_text(SENT)
    assert votes(room) == 1


def test_a_reply_that_is_lost_after_the_commit_makes_no_second_vote(student, room):
    one = student(room, expects="ERR_FAILED")
    one.join()
    room.step("vote1")
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().json())
            route.abort()

    one.context.route("**/vote", lose)
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    assert lost == [{"n": 1, "answer": FIRST}]
    assert one.votes() >= 2
    assert votes(room) == 1
    assert one.page.evaluate(f"fetch('/{room.code}/state').then(r => r.json())")["yours"]["1"]["n"] == 1


def sent(one: Student, room: Any, method: str, path: str) -> Any:
    """The same request from outside the browser, so that no cookie of the reply reaches it."""
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in one.context.cookies(one.page.url))
    more = {"json": {}} if method == "POST" else {}
    return room.server.client().request(method, path, headers={"Cookie": cookies}, **more)


def test_a_reply_to_joining_that_is_lost_makes_no_second_phone(student, room):
    one = student(room, expects="ERR_FAILED")
    lost: list[Any] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(sent(one, room, "POST", f"/{room.code}/join").json())
            route.abort()

    one.context.route("**/join", lose)
    one.open()
    one.page.get_by_role("button", name="Join").click()
    expect(one.page.locator("#fault")).to_contain_text("press Join again")
    assert room.state()["phones"] == 1
    one.page.get_by_role("button", name="Join").click()
    expect(one.page.locator("#who")).to_contain_text(lost[0]["alias"])
    assert room.state()["phones"] == 1


def test_a_vote_that_comes_too_late_is_refused_in_words(student, room):
    one = student(room, expects="503|409")
    one.join()
    room.step("vote1")
    one.context.route("**/vote", lambda route: route.fulfill(status=503, json={"error": ""}))
    one.choose(FIRST)
    one.send()
    expect(one.told).to_contain_text("kept on this phone")
    room.step("talk")
    expect(one.told).to_have_text("The vote is closed. Your answer did not reach the room in time.")
    with one.page.expect_response(lambda reply: reply.status == 409):
        one.context.unroute_all()
    assert room.state()["votes"]["1"] == 0


def test_two_windows_of_one_browser_are_one_phone_and_the_later_answer_stands(student, room):
    one = student(room)
    one.join()
    room.step("vote1")
    two = one.context.new_page()
    two.goto(one.page.url)
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    two.locator(f'label:has(> input[value="{SECOND}"])').click()
    two.get_by_role("button", name="Send", exact=True).click()
    expect(two.locator(".vignette-outcome")).to_have_text(SENT)
    state = two.evaluate(f"fetch('/{room.code}/state').then(reply => reply.json())")
    assert (state["yours"]["1"]["answer"], state["yours"]["1"]["n"]) == (SECOND, 2)
    assert room.state()["phones"] == 1


def test_a_window_whose_answer_came_too_late_shows_the_newer_one_that_stands(student, room):
    one = student(room, expects="503")
    one.join()
    room.step("vote1", asks_reason=True)
    two = one.context.new_page()
    two.goto(one.page.url)
    two.locator(f'label:has(> input[value="{SECOND}"])').click()
    one.page.route("**/vote", lambda route: route.fulfill(status=503, json={"error": ""}))
    one.choose(FIRST)
    one.page.get_by_label("Why?").fill("The older reason")
    one.send()
    expect(one.told).to_contain_text("kept on this phone")
    two.get_by_label("Why?").fill("The newer reason")
    two.get_by_role("button", name="Send", exact=True).click()
    expect(two.locator(".vignette-outcome")).to_have_text(SENT)
    one.page.unroute_all()
    expect(one.told).to_have_text(
        "Another answer from this browser stands, and is shown here. You can change it until the vote closes."
    )
    expect(one.item.locator(f'[value="{SECOND}"]')).to_be_checked()
    expect(one.page.get_by_label("Why?")).to_have_value("The newer reason")
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    state = one.page.evaluate(f"fetch('/{room.code}/state').then(reply => reply.json())")
    assert (state["yours"]["1"]["answer"], state["yours"]["1"]["n"]) == (FIRST, 3)
    room.step("talk")
    expect(one.told).to_have_text("The vote is closed. Your answer is in.")


@pytest.mark.parametrize("options", [[FIRST], [FIRST, SECOND]], ids=["the same number", "a higher number"])
def test_where_nothing_is_kept_two_windows_do_not_say_sent_of_two_answers(student, room, options):
    """They cannot read each other's number; what is sent after the other's answer was seen counts."""
    blocked = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    one = student(room, before=blocked)
    one.join()
    room.step("vote1")
    two = one.context.new_page()
    two.goto(one.page.url)
    for option in options:
        two.locator(f'label:has(> input[value="{option}"])').click()
        two.get_by_role("button", name="Send", exact=True).click()
        expect(two.locator(".vignette-outcome")).to_have_text(SENT)
    one.choose(THIRD)
    one.send()
    expect(one.told).to_contain_text("Another answer from this browser stands")
    expect(one.item.locator(f'[value="{options[-1]}"]')).to_be_checked()
    one.choose(THIRD)
    one.send()
    expect(one.told).to_have_text(SENT)
    state = one.page.evaluate(f"fetch('/{room.code}/state').then(reply => reply.json())")
    assert (state["yours"]["1"]["answer"], state["yours"]["1"]["n"]) == (THIRD, len(options) + 1)


HIDDEN = """
  Object.defineProperty(document, "hidden", { get: () => window.away ?? false });
  window.open_streams = 0;
  const Stream = EventSource;
  EventSource = class extends Stream {
    constructor(url) { super(url); window.open_streams += 1; }
    close() { super.close(); window.open_streams -= 1; }
  };
"""


def test_a_page_that_nobody_looks_at_listens_to_nothing_and_catches_up_when_it_shows(student, room):
    one = student(room, before=HIDDEN)
    one.join()
    one.page.wait_for_function("window.open_streams === 1")
    one.page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    assert one.page.evaluate("window.open_streams") == 0
    room.step("scene")
    room.step("think")
    expect(one.step).to_have_text("You are in")
    one.page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    expect(one.step).to_have_text("Think")
    assert one.page.evaluate("window.open_streams") == 1


def test_a_page_that_nobody_looks_at_does_not_poll_either(student, room):
    one = student(room, before=HIDDEN, expects="ERR_FAILED")
    one.context.route("**/events", cut)
    one.join()
    with one.page.expect_request("**/state"):
        pass  # it polls
    one.page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    one.page.wait_for_timeout(200)  # for what was on its way
    asked = len(one.asked)
    one.page.wait_for_timeout(2000)
    assert len(one.asked) == asked


def test_a_room_that_was_forgotten_says_so_and_shows_nothing_more(student, room):
    one = student(room, expects="404")
    one.join()
    room.step("scene")
    expect(one.item).to_be_visible()
    room.desk.delete(room.path)
    expect(one.step).to_have_text("The room is gone")
    expect(one.item).to_have_count(0)


def test_a_browser_that_lost_its_token_can_join_again(student, room):
    one = student(room, expects="401")
    one.join()
    one.context.clear_cookies()
    room.step("scene")
    expect(one.page.locator("#fault")).to_have_text("The room does not know this browser any more. Join again.")
    one.page.get_by_role("button", name="Join").click()
    expect(one.step).to_have_text("The scene")


def test_a_browser_that_keeps_no_cookie_is_told_so_and_makes_no_more_phones(student, room):
    one = student(room, expects="401")

    def without_its_cookie(route: Route) -> None:
        reply = sent(one, room, route.request.method, f"/{room.code}{'/join' * (route.request.method == 'POST')}")
        route.fulfill(status=reply.status_code, content_type=reply.headers["content-type"], body=reply.content)

    one.context.route(re.compile(f"/{room.code}(/join)?$"), without_its_cookie)
    one.open()
    button = one.page.get_by_role("button", name="Join")
    button.click()
    fault = one.page.locator("#fault")
    expect(fault).to_contain_text("This browser does not keep the room’s cookie")
    for way in ("Allow cookies for this page, then load it again", "use another browser", "put your hand up"):
        expect(fault).to_contain_text(way)
    expect(button).to_be_disabled()
    assert room.state()["phones"] == 1
    one.context.unroute_all()  # cookies are allowed now
    one.page.reload()
    button.click()
    expect(one.step).to_have_text("You are in")


def test_a_browser_that_loses_its_token_after_a_reload_is_told_to_join_again(student, room):
    one = student(room, expects="401")
    one.join()
    page = sent(one, room, "GET", f"/{room.code}")
    one.context.clear_cookies()
    here = re.compile(f"/{room.code}$")
    one.context.route(here, lambda route: route.fulfill(content_type="text/html", body=page.text))
    one.page.reload()
    expect(one.page.locator("#fault")).to_have_text("The room does not know this browser any more. Join again.")
    expect(one.page.get_by_role("button", name="Join")).to_be_enabled()


def test_a_browser_that_cannot_run_the_page_says_so_after_a_while(student, room):
    one = student(room, expects="404")
    one.context.route("**/room.js", lambda route: route.fulfill(status=404, body=""))  # no module runs then
    one.open()
    old = one.page.locator("#old")
    # The wait is the style sheet's own, so it is the animation that is stopped and ended here.
    old.evaluate("e => e.getAnimations().forEach(one => { one.pause(); one.currentTime = 0; })")
    expect(old).to_be_hidden()
    old.evaluate("e => e.getAnimations().forEach(one => one.finish())")
    expect(old).to_be_visible()
    expect(old).to_have_text(
        "This browser is too old for this page. Use another one, or put your hand up when the others vote."
    )
    expect(one.page.get_by_role("button", name="Join")).to_be_disabled()


def test_a_browser_that_runs_the_page_is_never_called_too_old(student, room):
    one = student(room)
    one.open()
    expect(one.page.get_by_role("button", name="Join")).to_be_enabled()
    expect(one.page.locator("#old")).to_have_count(0)


def test_a_state_that_cannot_be_drawn_does_not_end_the_polling(student, room):
    one = student(room)
    one.context.route("**/events", lambda route: None)  # a proxy holds the stream back, and never ends it
    one.join()
    drawn: list[Any] = []

    def odd(route: Route) -> None:
        state = sent(one, room, "GET", f"/{room.code}/state").json()
        drawn.append(state)
        route.fulfill(json={**state, "shown": None} if len(drawn) == 1 else state)

    one.context.route("**/state", odd)
    room.step("scene")
    expect(one.page.locator("#todo")).to_contain_text("Read it")
    room.step("think")
    expect(one.step).to_have_text("Think", timeout=10_000)
    faults, one.faults = one.faults, []
    assert [fault for fault in faults if "length" in fault], "the error still shows"
    assert len(faults) == 1


def test_a_browser_that_keeps_nothing_can_vote_all_the_same(student, room):
    blocked = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    one = student(room, before=blocked)
    one.join()
    room.step("vote1")
    for option in (FIRST, SECOND):
        one.choose(option)
        one.send()
        expect(one.told).to_have_text(SENT)
    one.page.reload()
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    state = one.page.evaluate(f"fetch('/{room.code}/state').then(reply => reply.json())")
    assert (state["yours"]["1"]["answer"], state["yours"]["1"]["n"]) == (FIRST, 3)


def test_what_the_phone_keeps_is_its_number_and_what_waits(student, room):
    one = student(room)
    one.join()
    room.step("vote1")
    one.choose(FIRST)
    one.send()
    expect(one.told).to_have_text(SENT)
    kept = one.page.evaluate("Object.entries(localStorage)")
    assert [json.loads(value) for _, value in kept] == [{"n": 1, "cast": None}]


# Plain http under a name, as in a lecture hall: no secure context, and so none of what browsers keep for those.


def test_the_page_does_all_it_does_where_there_is_no_secure_context(browser, server):
    room = server.open()
    port = server.url.rpartition(":")[2]
    rules = f"--host-resolver-rules=MAP classroom.test:80 127.0.0.1:{port}"
    chromium = browser.browser_type.launch(executable_path=find_chromium(), args=[*ARGUMENTS, rules])
    with closing(chromium):
        one = Student(chromium, "http://classroom.test", room.code)
        one.join()
        assert one.page.evaluate("[isSecureContext, location.origin]") == [False, "http://classroom.test"]
        room.step("vote1")
        one.choose(FIRST)
        one.send()
        expect(one.told).to_have_text(SENT)
        one.page.reload()
        expect(one.told).to_have_text(SENT)
        room.step("reasons")
        expect(one.item).to_have_attribute("data-state", "answered")
        assert votes(room) == 1
        assert not one.faults
