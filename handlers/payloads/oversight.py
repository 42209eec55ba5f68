"""What admins look at and decide: first projects, stops, and appeals against them."""

from handlers.payloads.payload import Number, Payload


class ShowLook(Payload, code="lk"):
    project: Number


class ApproveLook(Payload, code="ly"):
    """`version` is that of the card: what the admin saw."""

    project: Number
    version: Number


class RefuseLook(Payload, code="ln"):
    project: Number
    version: Number
