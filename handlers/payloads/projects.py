"""A requester's projects and their files."""

from handlers.payloads.payload import Number, Payload


class Launch(Payload, code="l"):
    project: Number


class ShowProject(Payload, code="pr"):
    project: Number


class StopProject(Payload, code="x"):
    project: Number
    sure: Number


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


class OfferRaise(Payload, code="pu"):
    project: Number


class RaisePay(Payload, code="pp"):
    """`pay` in millionths, so that a second press raises nothing."""

    project: Number
    pay: Number
