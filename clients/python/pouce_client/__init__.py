"""Paid micro-tasks for people, from Python: data frames in, labelled results out."""

from pouce_client.client import AsyncClient, AsyncProject, Client, Project
from pouce_client.errors import Problem, Refused, Unreachable
from pouce_client.models import (
    Balance,
    Launch,
    LaunchAsked,
    Preflight,
    Progress,
    ProjectLine,
    Quality,
    Review,
    Table,
    WaitingAnswer,
)

__all__ = [
    "AsyncClient",
    "AsyncProject",
    "Balance",
    "Client",
    "Launch",
    "LaunchAsked",
    "Preflight",
    "Problem",
    "Progress",
    "Project",
    "ProjectLine",
    "Quality",
    "Refused",
    "Review",
    "Table",
    "Unreachable",
    "WaitingAnswer",
]
