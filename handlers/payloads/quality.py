"""Gold made in chat, gold challenges, restrictions, skill."""

from handlers.payloads.payload import Number, Payload


class Contest(Payload, code="ct"):
    submission: Number


class JudgeGold(Payload, code="gj"):
    challenge: Number
    keep: bool


class AppealRestriction(Payload, code="ra"):
    restriction: Number


class DecideRestriction(Payload, code="rd"):
    restriction: Number
    lift: bool


class ShowRestrictions(Payload, code="rq"):
    """The queue of those that wait for a human."""


class ListContestable(Payload):
    pass


class ContestOlder(Payload, code="cy"):
    """Check questions and rejections that can be contested, without so many that were shown."""

    shown: Number


class ShowAudit(Payload):
    """Audits one person; without a word, lists people worth auditing."""

    who: str = ""


class ShowSkill(Payload, code="sk"):
    pass


class ShowQuality(Payload, code="q"):
    project: Number


class MakeGold(Payload, code="gm"):
    project: Number


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
    after: Number = 0


class ConfirmGold(Payload, code="gc"):
    task: Number
    yes: bool


class StopGold(Payload, code="gx"):
    project: Number
