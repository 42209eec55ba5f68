"""An outage lasts while failures go on, whatever gets through between, and ends when there were none for a while."""

from storage.drivers.writer import OUTAGE_ENDS_AFTER_SECONDS, Outage


def test_there_is_none_before_the_first_failure():
    assert Outage().seconds(0) == 0


def test_it_lasts_from_its_first_failure_until_none_came_for_a_while():
    outage = Outage()
    for at in (100, 100 + OUTAGE_ENDS_AFTER_SECONDS, 100 + 2 * OUTAGE_ENDS_AFTER_SECONDS):
        outage.add(at)
    assert outage.seconds(100 + 3 * OUTAGE_ENDS_AFTER_SECONDS) == 3 * OUTAGE_ENDS_AFTER_SECONDS
    assert outage.seconds(101 + 3 * OUTAGE_ENDS_AFTER_SECONDS) == 0


def test_a_later_failure_begins_another():
    outage = Outage()
    for at in (100, 500):
        outage.add(at)
    assert outage.seconds(510) == 10
