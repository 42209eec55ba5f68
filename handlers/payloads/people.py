"""Onboarding, language, settings, roles, API keys, erasure."""

from handlers.payloads.payload import Number, Payload, Words


class Start(Payload):
    """Telegram's own first button; `token` is what a link to the bot carries."""

    token: Words = ""


class ShowHelp(Payload):
    pass


class ShowPrivacy(Payload):
    pass


class GetMyData(Payload):
    pass


class TypeUnknown(Payload):
    """A command that does not exist."""


class PressOutdated(Payload):
    """A button of an older version, or data that was never a button."""


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
    project: Number
    sure: bool


class Forget(Payload, code="fg"):
    """0 asks once more, 1 is the word, anything else is a no."""

    sure: Number


class WaivePay(Payload, code="wv"):
    """Of somebody who leaves: 0 asks, 1 gives up all of `amount`, anything else is a no."""

    sure: Number
    amount: Number
    currency: str


class AskToForget(Payload):
    pass


class AskToWithdraw(Payload, code="uw"):
    project: Number


class GetRecord(Payload):
    """From a month or year to another; everything where both are empty."""

    first: str = ""
    last: str = ""


class ListConsents(Payload, code="uc"):
    """A page behind the consent to project `before`, which was given at `since`; the newest where both are 0."""

    since: Number = 0
    before: Number = 0


class ShowDashboard(Payload):
    pass


class OpenSettings(Payload):
    place: Words = ""


class ShowSettings(Payload, code="se"):
    """`page`: main, when, zone, pace, goal, tasks, or a part of the world."""

    page: str


class ChangeSetting(Payload, code="ss"):
    """Chooses `value` of the setting `what`, or removes it where several may be chosen."""

    what: str
    value: str


class PauseHere(Payload, code="sz"):
    pass


class SetRole(Payload):
    """The service checks all fields: a mistake shows the whole usage line."""

    who: str = ""
    role: str = ""
    state: Words = ""


class CreateApiKey(Payload):
    """`/apikey`, `/apikey read`, `/apikey spend 50`. `budget` as it was typed; without one there is no limit."""

    scope: str = "spend"
    budget: Words = ""


class RevokeTypedKey(Payload):
    """`/apikey revoke KEY`."""

    action: str
    key: Words = ""


class ListApiKeys(Payload):
    pass


class ListWebhooks(Payload):
    pass


class AddWebhook(Payload):
    """`/webhooks add URL task.closed, project.ended`; no kinds are all."""

    action: str
    url: str = ""
    kinds: Words = ""


class ChangeTypedWebhook(Payload):
    """`remove` or `resend`."""

    action: str
    number: Number


class ChangeWebhook(Payload, code="wh"):
    """The same by a button. `team`: whose address it is, 0 for one's own."""

    action: str
    number: Number
    team: Number


class RevokeApiKey(Payload, code="kr"):
    """`team`: whose key it is, 0 for one's own."""

    number: Number
    team: Number = 0
