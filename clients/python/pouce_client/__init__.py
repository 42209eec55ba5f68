"""Paid micro-tasks for people, from Python: data frames in, labelled results out."""

from pouce_client.asynchronous import AsyncClient
from pouce_client.client import Client
from pouce_client.errors import Problem, Refused, Unreachable
from pouce_client.shapes import Balance, LaunchAsked, Preflight, Progress, ProjectLine, Review

__all__ = [
    "AsyncClient",
    "Balance",
    "Client",
    "LaunchAsked",
    "Preflight",
    "Problem",
    "Progress",
    "ProjectLine",
    "Refused",
    "Review",
    "Unreachable",
]
