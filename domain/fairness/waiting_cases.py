"""What waits for an admin's decision, as `/admin` lists it."""

from dataclasses import dataclass
from enum import StrEnum

SHOWN = 8  # of one kind


class CaseKind(StrEnum):
    LOOK = "look"  # a requester's first project
    REPORTS = "reports"  # a project paused for reports
    REJECTIONS = "rejections"  # a project paused for its rejections
    QUESTION = "question"  # a worker's question that its requester calls abuse
    APPEAL = "appeal"  # against the end of a project or a suspension
    RULING = "ruling"  # an appeal against a rejection that too few workers could judge
    POST = "post"  # a reported post of the board
    CONTEST = "contest"  # a hidden post of the board
    PETITION = "petition"  # to the house


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """`number` is the project's, question's, appeal's or post's; `title` the project's, where it is about one."""

    kind: CaseKind
    number: int
    title: str = ""
