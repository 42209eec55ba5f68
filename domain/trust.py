"""How far a worker's answers are trusted where no model of the crowd says more: from the gold they met."""

HONEST, BELIEVED = 0.75, 4.0  # accuracy before any gold (the mean over public crowds), worth so many gold answers
LEAST, MOST = 0.05, 0.97  # nobody is always wrong or always right


def accuracy(right: int, seen: int) -> float:
    """Posterior mean under a Beta prior, kept away from certainty."""
    return min(MOST, max(LEAST, (right + HONEST * BELIEVED) / (seen + BELIEVED)))
