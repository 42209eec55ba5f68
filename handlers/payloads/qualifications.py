"""Whom a requester blocks, and qualifications that workers are offered."""

from handlers.payloads.payload import Number, Payload


class AskToBlock(Payload, code="zb"):
    submission: Number


class ShowBlocked(Payload, code="zl"):
    after: Number = 0


class Unblock(Payload, code="zu"):
    """`number` of the worker, who must be on the requester's list."""

    number: Number


class AskQualification(Payload, code="zy"):
    request: Number


class AnswerTest(Payload, code="zt"):
    """`option` is a press of the form's: step × 100 + option."""

    request: Number
    option: Number


class DeclineQualification(Payload, code="zn"):
    request: Number
