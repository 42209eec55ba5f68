import numpy as np

from domain.conduct.evidence import CLOSELY_WATCHED_NATS, WATCHED_NATS, Evidence, answer_ages, find_guessing
from domain.quality.collusion import STRONG_NATS
from domain.quality.model import fit
from tests.domain.quality.crowds import crowd_of, simulated


def planted(seed: int, worker: int, answer: object) -> dict[int, object]:
    rng = np.random.default_rng(seed + 100)
    _, rows = simulated(seed, 300, np.full(20, 0.85), 6)
    label = {"random": lambda: int(rng.integers(2)), "constant": lambda: 1}[str(answer)]
    rows = [(t, w, label() if w == worker else said) for t, w, said in rows]
    crowd = crowd_of(rows, 300, 20)
    found = find_guessing(crowd, fit(crowd))
    return {finding.worker: finding for finding in found if finding.suspicion != "sleeper"}


def test_random_worker_stands_out_alone() -> None:
    found = planted(1, 7, "random")
    assert [worker for worker, finding in found.items() if finding.nats >= STRONG_NATS] == [7]
    assert found[7].suspicion == "random"
    assert found[7].observed < 0.65 < found[7].expected


def test_constant_worker_stands_out_alone() -> None:
    found = planted(2, 3, "constant")
    assert [worker for worker, finding in found.items() if finding.nats >= STRONG_NATS] == [3]
    assert (found[3].suspicion, found[3].observed) == ("constant", 1.0)


def turned(seed: int, asleep_from: int | None) -> list[Evidence]:
    """Worker 4 answers by the dice from some answer on."""
    dice = np.random.default_rng(seed + 100)
    _, rows = simulated(seed, 300, np.full(20, 0.85), 6)
    own = [row for row in rows if row[1] == 4]
    late = set(own[asleep_from:] if asleep_from is not None else [])
    rows = [(t, w, int(dice.integers(2))) if (t, w, said) in late else (t, w, said) for t, w, said in rows]
    crowd = crowd_of(rows, 300, 20)
    return [each for each in find_guessing(crowd, fit(crowd)) if each.suspicion == "sleeper"]


def test_a_sleeper_is_noticed_after_the_switch() -> None:
    (found,) = [each for each in turned(3, 30) if each.nats >= CLOSELY_WATCHED_NATS]
    assert found.worker == 4
    assert found.observed < 0.65 < found.expected


def test_honest_workers_never_turned() -> None:
    assert max((each.nats for seed in range(5) for each in turned(seed, None)), default=0.0) < WATCHED_NATS


def test_the_age_of_an_answer_counts_its_workers_later_ones() -> None:
    assert answer_ages(np.array([5, 7, 5, 5, 7])).tolist() == [2, 1, 1, 0, 0]
