"""Every payload fits, comes back as it was, and nothing else comes in."""

from typing import Any

import pytest
from annotated_types import Lt
from pydantic.fields import FieldInfo

from handlers.money.payouts import PayOut
from handlers.payload import LIMIT, Payload, UnknownButton, unpack
from handlers.people.consents import ListConsents
from handlers.quality.gold_challenges import JudgeGold
from handlers.routes import TABLE
from handlers.work.tasks import SubmitAnswer

LARGEST = 2**63 - 1
assert TABLE.by_payload  # every payload is loaded


PRESSED = [kind for kind in Payload.__subclasses__() if kind.code]


def test_the_largest_of_each_kind_fits_and_comes_back():
    for kind in PRESSED:
        goes_there_and_back(kind)


def largest_of(field: FieldInfo) -> Any:
    if field.annotation is int:
        return next((each.lt - 1 for each in field.metadata if isinstance(each, Lt)), LARGEST)
    return {bool: True, str: "crowdkit"}[field.annotation or object]


def goes_there_and_back(kind: type[Payload]) -> None:
    values = {name: largest_of(field) for name, field in kind.model_fields.items()}
    payload = kind(**values)
    assert len(payload.pack().encode()) <= LIMIT
    assert unpack(payload.pack()) == payload
    if set(values.values()) <= {LARGEST}:  # numbers alone, or nothing
        assert kind.wire(*values.values()) == payload.pack()
    with pytest.raises(TypeError):
        kind.wire(*range(len(values) + 1))


@pytest.mark.parametrize(
    "data", ["", "a", "a:1", "a:1:2:3", "zz:1", "a:x:1", f"a:{LARGEST + 1}:0", "a:-1:0", "a::", ":", "\x00", "ü" * 32]
)
def test_other_data_is_no_button(data: str):
    with pytest.raises(UnknownButton):
        unpack(data)


PRESSED = [kind for kind in Payload.__subclasses__() if kind.code]


def test_yes_and_no_are_one_digit_each():
    yes, no = JudgeGold(challenge=5, keep=True), JudgeGold(challenge=5, keep=False)
    assert (yes.pack(), no.pack()) == ("gj:5:1", "gj:5:0")
    assert (unpack(yes.pack()), unpack(no.pack())) == (yes, no)


def test_a_button_from_before_a_field_came_has_its_default():
    assert unpack("uc") == ListConsents()
    assert unpack("gj:5:0") == JudgeGold(challenge=5, keep=False)
    assert unpack("po:1:250000:EUR") == PayOut(turn=1, amount=250_000, currency="EUR", net=0)
    with pytest.raises(UnknownButton):
        unpack("gj:5")


def test_a_payload_that_is_too_long_is_a_bug_seen_at_once():
    class Long(Payload, code="test-long"):
        text: str

    with pytest.raises(ValueError, match="bytes"):
        Long(text="x" * 60).pack()


def test_two_buttons_of_one_name_are_a_bug_seen_at_once():
    with pytest.raises(TypeError, match="two buttons"):

        class Twin(Payload, code=SubmitAnswer.code):
            pass
