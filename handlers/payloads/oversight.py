"""Payloads of admins' decisions: first projects, stops, and appeals against them."""

from handlers.payloads.payload import Account, Number, Payload


class ShowLook(Payload, code="lk"):
    project: Number


class ShowReported(Payload, code="fs"):
    """A project that rests for reports."""

    project: Number


class ShowPause(Payload, code="rp"):
    """A project that rests for its rejections."""

    project: Number


class ShowReportedQuestion(Payload, code="qb"):
    question: Number


class ShowPetition(Payload, code="Bv"):
    """One to the house."""

    post: Number


class ApproveLook(Payload, code="ly"):
    """`version` is that of the card: what the admin saw."""

    project: Number
    version: Number


class SuspendPerson(Payload, code="xs"):
    person: Account


class LiftStop(Payload, code="xl"):
    stop: Number


class UpholdStop(Payload, code="xu"):
    stop: Number


class ShowStop(Payload, code="xv"):
    """An appeal that waits."""

    stop: Number


class AppealStop(Payload, code="xa"):
    """By whom it concerns."""

    stop: Number


class RefuseLook(Payload, code="ln"):
    project: Number
    version: Number
