"""What the buttons of gold made in chat carry."""

from handlers.payloads.payload import Number, Payload


class AnswerGold(Payload, code="g"):
    task: Number
    option: Number


class ChooseGold(Payload, code="gh"):
    """One of several presses that make a known answer."""

    task: Number
    option: Number


class UndoGold(Payload, code="gu"):
    task: Number


class DoneGold(Payload, code="gd"):
    task: Number


class SkipGold(Payload, code="gs"):
    project: Number


class SuggestGold(Payload, code="gg"):
    project: Number
    after: Number


class ConfirmGold(Payload, code="gc"):
    task: Number
    yes: Number


class StopGold(Payload, code="gx"):
    project: Number
