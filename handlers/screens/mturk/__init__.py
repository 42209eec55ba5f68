"""Screens about programs that speak Mechanical Turk's language."""
