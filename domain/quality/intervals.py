"""Shares with few tries behind them: the prior, Wilson's score interval (J. Am. Stat. Assoc. 22, 1927), log odds."""

from math import log, sqrt

SURE = 1.96  # the normal quantile of a 95 % interval
PERSON = 0.75  # how often one person's answer is right where nothing is known (the mean over public crowds)
BELIEVED = 4.0  # tries that what is usual counts for beside somebody's own
LEAST, MOST = 0.02, 0.98  # no accuracy is believed beyond


def wilson(right: float, tried: float, quantile: float = SURE) -> tuple[float, float]:
    """Where the share of right ones lies, of so many tries, pseudo-tries among them; anywhere without any."""
    if not tried:
        return 0.0, 1.0
    n, p, z = tried, right / tried, quantile
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def log_odds(accuracy: float, classes: int) -> float:
    """Nats by which an answer of this accuracy lifts its class over another one; errors fall on all others alike."""
    kept = min(MOST, max(LEAST, accuracy))
    return log(kept / (1 - kept) * max(1, classes - 1))
