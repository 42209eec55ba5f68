"""Review, rejections, appeals and their judges."""

from handlers.payloads.payload import Number, Payload


class ShowReview(Payload, code="rv"):
    """The next answer behind one; 0 begins."""

    project: Number
    after: Number


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
    resume: Number


class AppealRejection(Payload, code="ap"):
    submission: Number


class Judge(Payload, code="ju"):
    """1 the worker is right, 0 the requester; 2 leaves it to somebody else."""

    appeal: Number
    verdict: Number
