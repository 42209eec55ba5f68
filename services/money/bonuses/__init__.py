"""Bonuses to many at once."""
