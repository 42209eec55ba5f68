"""One step of a scale, lowest first. Handed in like a choice."""

from domain.answers.choice import WANTS, accepted, gold, is_right, known, read

__all__ = ["OPTIONS", "WANTS", "accepted", "gold", "is_right", "known", "read"]

OPTIONS = ("1", "2", "3", "4", "5")
