"""Every button's payload: typed, at most 64 bytes, checked when packed and when pressed.

A payload is a hint: a client can send any data, from a button long gone. The rows decide.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

LIMIT = 64
Number = Annotated[int, Field(ge=0, lt=2**63)]  # what a database's key can be
_KNOWN: "dict[str, type[Payload]]" = {}


class UnknownButton(ValueError):
    """Data that no button of this version carries."""


class Payload(BaseModel):
    """`code` stands for the class on the wire: `a:123:0`."""

    model_config = ConfigDict(frozen=True)
    code: ClassVar[str]

    def __init_subclass__(cls, code: str) -> None:
        cls.code = code
        if _KNOWN.setdefault(code, cls) is not cls:
            raise TypeError(f"two buttons are called {code}")

    def pack(self) -> str:
        data = ":".join([self.code, *(str(value) for value in self.model_dump().values())])
        if len(data.encode()) > LIMIT:
            raise ValueError(f"{len(data.encode())} bytes: {data}")
        return data


def unpack(data: str) -> Payload:
    code, *values = data.split(":")
    kind = _KNOWN.get(code)
    if kind is None or len(values) != len(kind.model_fields):
        raise UnknownButton(code)
    try:
        return kind.model_validate(dict(zip(kind.model_fields, values, strict=True)))
    except ValidationError:
        raise UnknownButton(code) from None


class Agree(Payload, code="ok"):
    pass


class ShowTerms(Payload, code="te"):
    pass


class Begin(Payload, code="go"):
    pass


class ChooseLanguage(Payload, code="la"):
    pass


class Speak(Payload, code="sp"):
    language: str


class SubmitAnswer(Payload, code="a"):
    assignment: Number
    option: Number


class Choose(Payload, code="o"):
    """One of several presses that make an answer."""

    assignment: Number
    option: Number


class Undo(Payload, code="un"):
    assignment: Number


class Done(Payload, code="dn"):
    assignment: Number


class CantTell(Payload, code="c"):
    assignment: Number


class Skip(Payload, code="s"):
    assignment: Number


class Decline(Payload, code="d"):
    project: Number


class AcceptAgain(Payload, code="da"):
    project: Number


class Work(Payload, code="w"):
    pass


class Pause(Payload, code="p"):
    pass


class ShowBalance(Payload, code="b"):
    pass


class Launch(Payload, code="l"):
    project: Number


class ShowProject(Payload, code="pr"):
    project: Number


class Stop(Payload, code="x"):
    project: Number
    sure: Number


class Delete(Payload, code="dd"):
    project: Number


class GetFile(Payload, code="f"):
    project: Number
    what: str
    format: str


class StartProject(Payload, code="np"):
    pass


class ChooseKind(Payload, code="ck"):
    kind: str


class CancelDraft(Payload, code="cd"):
    pass


class Contest(Payload, code="ct"):
    submission: Number


class JudgeGold(Payload, code="gj"):
    trial: Number
    keep: Number


class AppealRestriction(Payload, code="ra"):
    restriction: Number


class DecideRestriction(Payload, code="rd"):
    restriction: Number
    lift: Number


class ShowSkill(Payload, code="sk"):
    pass


class ShowQuality(Payload, code="q"):
    project: Number


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


class GiveBonus(Payload, code="bo"):
    submission: Number


class DecidePause(Payload, code="pz"):
    project: Number
    resume: Number


class AppealRejection(Payload, code="ap"):
    submission: Number


class Judge(Payload, code="ju"):
    """1 the worker is right, 0 the requester; 2 leaves it to somebody else."""

    appeal: Number
    verdict: Number
