"""Elections of stewards. `pen` is a ballot paper (`domain/fairness/pens.py`)."""

from handlers.payloads.payload import Number, Payload


class OpenStewards(Payload):
    """`/board stewards`."""

    word: str


class ShowStewards(Payload, code="E0"):
    pass


class StandForSteward(Payload, code="Es"):
    pass


class StandDown(Payload, code="Ed"):
    pass


class TakeBallot(Payload, code="Et"):
    pass


class Vote(Payload, code="Ev"):
    election: Number
    candidate: Number
    pen: str


class ShowBallots(Payload, code="Eb"):
    election: Number
    page: Number


class AskForLink(Payload, code="El"):
    pass
