"""What a phone may know, whatever the store hands over."""

from types import SimpleNamespace

import pytest

from widgets.bank import load_bank
from widgets.classroom import snapshot, view
from widgets.classroom.messages import ItemSnapshot, PhoneState
from widgets.classroom.steps import STEPS

KEY = "boundaries/barbecue-intake"
ITEM = ItemSnapshot.model_validate(snapshot.make(load_bank(), [KEY])[KEY])
VOTED = {1: SimpleNamespace(n=3, answer='"off-duty"', text="Mine.")}


def state(step):
    phone = SimpleNamespace(
        version=4, step=step, alias="quiet heron", item=KEY, ends=None, seconds=None, asks_reason=True, seat=2, opened=1
    )
    return view.state(phone, ITEM, VOTED, ["Another's."], 0.0)


@pytest.mark.parametrize("step", STEPS)
def test_only_with_the_reasons_come_feedback_and_what_others_wrote(step):
    seen = state(step)
    assert (seen["feedback"] is not None, seen["shown"]) == (
        (True, ["Another's."]) if step == "reasons" else (False, [])
    )
    assert seen["yours"] == {"1": {"n": 3, "answer": "off-duty", "reason": "Mine."}, "2": None}


@pytest.mark.parametrize("step", STEPS)
def test_a_state_has_no_more_than_the_interface_describes(step):
    PhoneState.model_validate(state(step))
