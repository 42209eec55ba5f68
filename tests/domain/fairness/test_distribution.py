"""How a crowd's figures spread."""

from domain.fairness.automated import count_by_steps, count_reaching, quantile


def test_half_have_the_median_or_less_and_a_tenth_the_tenth():
    hundred = range(1, 101)
    assert (quantile(hundred, 0.5), quantile(hundred, 0.1)) == (50, 10)
    assert (quantile([5, 1, 4, 2, 3], 0.5), quantile([5, 1, 4, 2, 3], 0.1)) == (3, 1)


def test_of_a_few_nothing_is_told():
    assert quantile([1, 2, 3, 4], 0.5) is None


def test_bounds_count_those_who_reach_them():
    assert count_reaching([0, 1, 9, 10, 500], (1, 10, 100)) == [4, 2, 1]
    assert count_by_steps([0, 1, 4, 5, 99], (1, 5)) == [1, 2, 2]
