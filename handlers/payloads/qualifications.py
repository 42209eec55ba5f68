"""Whom a requester blocks, and qualifications that workers are offered."""

from handlers.payloads.payload import Number, Payload


class AskToBlock(Payload, code="zb"):
    submission: Number


class ShowBlocked(Payload, code="zl"):
    """A team's, or with 0 one's own, behind `after`."""

    team: Number
    after: Number = 0


class Unblock(Payload, code="zu"):
    """`number` of the worker, who must be on the list of the team, or with 0 on one's own."""

    number: Number
    team: Number


class AskQualification(Payload, code="zy"):
    request: Number


class AnswerTest(Payload, code="zt"):
    """`option` is a press of the form's: step × 100 + option."""

    request: Number
    option: Number


class DeclineQualification(Payload, code="zn"):
    request: Number


class ShowQualifications(Payload, code="zq"):
    """A team's, or with 0 one's own, behind `after`."""

    team: Number
    after: Number = 0


class MakeQualification(Payload, code="zm"):
    """Asks for its lines; it becomes the team's, or with 0 one's own."""

    team: Number


class ShowQualification(Payload, code="zo"):
    type_: Number


class AskHolders(Payload, code="zg"):
    """Asks for a list of workers."""

    type_: Number


class DeleteQualification(Payload, code="zd"):
    """Asks first; `sure` does it."""

    type_: Number
    sure: bool = False


class AnswerScreening(Payload, code="za"):
    """`option` 99: rather not say."""

    question: Number
    option: Number


class AskScreening(Payload, code="ze"):
    """To change what was said."""

    question: Number


class ShowScreening(Payload, code="zs"):
    pass
