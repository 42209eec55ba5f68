"""Every refusal of domain/refusals in words, by wing: what was wrong, and what would work."""

from handlers.screens.refusals import fairness, files, inputs, money, people, projects, things, work

ROOMS = (people, things, inputs, work, projects, files, money, fairness)
