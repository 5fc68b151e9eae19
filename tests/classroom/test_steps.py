import pytest

from widgets.classroom.steps import STEPS, is_open, may_grade, obstacle, open_vote, seconds_left


def test_one_vote_is_open_in_each_of_two_steps_and_none_in_the_others():
    assert {step: open_vote(step) for step in (*STEPS, "lobby", "closed")} == {
        **dict.fromkeys((*STEPS, "lobby", "closed")),
        "vote1": 1,
        "vote2": 2,
    }


def test_a_vote_is_open_only_on_the_item_that_the_room_is_at():
    assert is_open("vote1", "a", "a", 1)
    assert not is_open("vote1", "a", "b", 1)
    assert not is_open("vote1", "a", "a", 2)
    assert not is_open("talk", "a", "a", 1)
    assert not is_open("vote1", None, "a", 1)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("opened", [0, 1, 2])
@pytest.mark.parametrize("revealed", [False, True])
def test_no_vote_is_taken_again_by_people_who_know_more(step, opened, revealed):
    late = (step == "vote1" and opened == 2) or (step in ("vote1", "vote2") and revealed)
    assert (obstacle(step, opened=opened, revealed=revealed) is not None) == late


def test_only_the_last_step_shows_reasons():
    assert [step for step in STEPS if may_grade(step)] == ["reasons"]


@pytest.mark.parametrize(
    ("now", "left"),
    [(100, 60), (130.26, 29.7), (160, 0), (500, 0), (-10_000, 60)],
    ids=["start", "under way", "over", "long over", "a clock set back"],
)
def test_a_timer_never_shows_more_than_it_had_nor_less_than_nothing(now, left):
    assert seconds_left(160, 60, now) == left


def test_without_a_timer_there_are_no_seconds():
    assert seconds_left(None, None, 5) is None
