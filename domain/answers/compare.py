"""Which of two or more is better. Handed in and known like a choice."""

from domain.answers.choice import OPTIONS, WANTS, accepted, gold, is_right, known, read

__all__ = ["OPTIONS", "WANTS", "accepted", "gold", "is_right", "known", "read"]
