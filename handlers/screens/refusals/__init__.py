"""The texts of all refusals, by wing: the problem and the remedy."""

from handlers.screens.refusals import board, fairness, files, inputs, money, people, projects, things, work

ROOMS = (people, things, inputs, work, projects, files, money, fairness, board)
