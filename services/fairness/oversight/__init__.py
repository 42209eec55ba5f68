"""Oversight: the register of automated decisions, complaints, and the figures of the evaluation."""
