"""About oneself: agreement, language, settings, leaving."""

from handlers.payloads.payload import Number, Payload, Words


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


class Pause(Payload, code="p"):
    pass


class Withdraw(Payload, code="fw"):
    """1 is the word, anything else is a no."""

    project: Number
    sure: Number


class Forget(Payload, code="fg"):
    """0 asks once more, 1 is the word, anything else is a no."""

    sure: Number


class OpenSettings(Payload):
    place: Words = ""


class ShowSettings(Payload, code="se"):
    """`page`: main, when, zone, pace, goal, tasks, or a part of the world."""

    page: str


class ChangeSetting(Payload, code="ss"):
    """`value` of `what` is chosen, or taken back where several go together."""

    what: str
    value: str


class PauseHere(Payload, code="sz"):
    pass
