"""Review, rejections, appeals and their judges."""

from handlers.payloads.payload import Number, Payload


class ShowReview(Payload, code="rv"):
    """The next answer behind one; 0 begins."""

    project: Number
    after: Number = 0


class AcceptAnswer(Payload, code="va"):
    submission: Number


class AcceptRest(Payload, code="vx"):
    project: Number
    last: Number


class RejectAnswer(Payload, code="vr"):
    submission: Number


class CiteLine(Payload, code="vl"):
    submission: Number
    line: Number


class DecidePause(Payload, code="pz"):
    project: Number
    resume: bool


class AppealRejection(Payload, code="ap"):
    submission: Number


class AppealWords(Payload, code="aw"):
    """A worker's words for the judges: 0 asks for them, 1 sends the words shown, another value sends none."""

    appeal: Number
    step: Number


class RuleAppeal(Payload, code="ru"):
    """1 the worker is right, 0 the requester: an admin's word where there are too few judges."""

    appeal: Number
    verdict: Number


class Judge(Payload, code="ju"):
    """1: the worker is right; 0: the requester; 2: passes it to another judge."""

    appeal: Number
    verdict: Number


class ShowFigures(Payload):
    pass
