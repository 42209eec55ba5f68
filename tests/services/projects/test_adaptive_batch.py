"""Steps of a long work are as large as the writer does them quickly, and smaller beside others."""

from jobs.computing import CONTENDED_SECONDS, MIN_FRACTION, AdaptiveBatch

MOST = 2_000


class Writer:
    """Takes so many seconds an item; `others` commit so often between two steps."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.others, self.time, self.commits = seconds, 0, 100.0, 0
        self.batch = AdaptiveBatch(MOST, lambda: self.commits, lambda: self.time)

    def does(self, steps: int) -> int:
        """How large the next step is after so many."""
        for _ in range(steps):
            with self.batch.step():
                self.time += self.seconds * self.batch.size
            self.commits += 1 + self.others
        return self.batch.size


def test_a_quick_writer_is_given_all_that_a_step_may_hold():
    assert Writer(0.000_001).does(10) == MOST


def test_a_slow_writer_is_given_less_but_never_nothing():
    assert Writer(0.001).does(10) == MOST // MIN_FRACTION


def test_a_step_settles_where_it_is_neither_quick_nor_slow():
    writer = Writer(0.000_012)
    assert writer.does(10) == 500  # six milliseconds
    assert writer.does(10) == 500


def test_beside_others_a_step_takes_half_as_long_and_grows_again_once_they_have_gone():
    writer = Writer(0.000_006)
    assert writer.does(10) == 1_000  # six milliseconds
    writer.others = 1
    assert writer.does(10) == 500  # three
    writer.others = 0
    assert writer.does(1) == 500  # it sees the last of theirs
    writer.time += CONTENDED_SECONDS
    assert writer.does(10) == 1_000


def test_beside_others_a_step_may_be_finer_than_alone_and_begins_so():
    writer = Writer(0.001)
    writer.batch = AdaptiveBatch(MOST, lambda: writer.commits, lambda: writer.time, finest=40)
    assert writer.batch.size == MOST // 40
    assert writer.does(10) == MOST // MIN_FRACTION
    writer.others = 1
    assert writer.does(10) == MOST // 40
    writer.others, writer.seconds = 0, 0.000_001
    assert writer.does(10) == MOST


def test_a_step_that_fails_says_nothing_of_the_next():
    writer = Writer(0.001)
    try:
        with writer.batch.step():
            writer.time += 1.0
            raise LookupError
    except LookupError:
        assert writer.batch.size == MOST // 4
