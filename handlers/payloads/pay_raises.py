"""What the buttons about a project's pay carry."""

from handlers.payloads.payload import Number, Payload


class OfferRaise(Payload, code="pu"):
    project: Number


class RaisePay(Payload, code="pp"):
    """`pay` in millionths, so that a second press raises nothing."""

    project: Number
    pay: Number
