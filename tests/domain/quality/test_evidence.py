import numpy as np

from domain.quality.confusion import Shape
from domain.quality.consensus import fit
from domain.quality.crowd import Crowd
from domain.quality.evidence import findings, hasty
from domain.quality.rings import as_one_voice, rings
from domain.quality.sleepers import turn
from tests.domain.quality.crowds import crowd_of, simulated


def planted(seed: int, worker: int, answer: object) -> dict[int, object]:
    rng = np.random.default_rng(seed + 100)
    _, rows = simulated(seed, 300, np.full(20, 0.85), 6)
    label = {"random": lambda: int(rng.integers(2)), "constant": lambda: 1}[str(answer)]
    rows = [(t, w, label() if w == worker else said) for t, w, said in rows]
    crowd = crowd_of(rows, 300, 20)
    return {finding.worker: finding for finding in findings(crowd, fit(crowd, Shape()))}


def test_random_worker_stands_out_alone() -> None:
    found = planted(1, 7, "random")
    assert [worker for worker, finding in found.items() if finding.is_strong] == [7]
    assert found[7].suspicion == "random"
    assert found[7].observed < 0.65 < found[7].expected


def test_constant_worker_stands_out_alone() -> None:
    found = planted(2, 3, "constant")
    assert [worker for worker, finding in found.items() if finding.is_strong] == [3]
    assert (found[3].suspicion, found[3].observed) == ("constant", 1.0)


def test_reading_time_speaks_for_and_against() -> None:
    least = np.full(10, 5.0)
    assert hasty(0, np.full(10, 1.0), least).is_strong
    assert hasty(0, np.full(10, 20.0), least).nats < 0


def test_sleeper_is_noticed_after_the_switch() -> None:
    right = np.array([0.95] * 20 + [0.95, 0.05] * 15)
    found = turn(right, 2, 0.85)
    assert found.is_strong
    assert 19 <= found.since <= 23
    assert not turn(right[:20], 2, 0.85).is_strong


def with_ring(seed: int) -> Crowd:
    rng = np.random.default_rng(seed + 100)
    truth, rows = simulated(seed, 200, np.full(25, 0.8), 12)
    key = rng.integers(2, size=200)
    rows = [(t, w, int(key[t]) if w < 10 else said) for t, w, said in rows]
    return crowd_of(rows, 200, 25, gold={task: int(truth[task]) for task in range(30)})


def test_ring_is_found_and_nobody_else() -> None:
    found, pairs = rings(with_ring(5))
    assert found == (frozenset(range(10)),)
    assert all(pair.agreed >= 0.8 * pair.shared for pair in pairs)


def test_honest_crowd_has_no_ring() -> None:
    _, rows = simulated(6, 200, np.full(25, 0.8), 8)
    assert rings(crowd_of(rows, 200, 25))[0] == ()


def test_ring_speaks_once_a_task() -> None:
    crowd = crowd_of([(0, 0, 1), (0, 1, 1), (0, 2, 0), (1, 1, 1)], 2, 3)
    quiet = as_one_voice(crowd, (frozenset({0, 1}),))
    assert sorted(zip(quiet.task, quiet.worker, quiet.label, strict=True)) == [(0, 0, 1), (0, 2, 0), (1, 0, 1)]
