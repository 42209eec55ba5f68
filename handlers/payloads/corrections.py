"""What the buttons of an answer that is changed carry."""

from handlers.payloads.payload import Number, Payload


class ChangeAnswer(Payload, code="cg"):
    """`message` shows the answer, 0 where that is not known."""

    assignment: Number
    message: Number


class AmendAnswer(Payload, code="am"):
    assignment: Number
    option: Number


class AmendCantTell(Payload, code="ac"):
    assignment: Number


class AmendChoose(Payload, code="ao"):
    """One of several presses that make the new answer."""

    assignment: Number
    option: Number


class AmendUndo(Payload, code="au"):
    assignment: Number


class AmendDone(Payload, code="ad"):
    assignment: Number


class KeepAnswer(Payload, code="ak"):
    assignment: Number
