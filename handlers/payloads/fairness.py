"""Review, rejections, appeals and their judges."""

from handlers.payloads.payload import Number, Payload, Words


class ShowReview(Payload, code="rv"):
    """The next answer behind one; 0 begins."""

    project: Number
    after: Number = 0


class BackToReview(Payload, code="ro"):
    """The same answer once more."""

    submission: Number


class AcceptAnswer(Payload, code="va"):
    submission: Number


class AcceptRest(Payload, code="vx"):
    project: Number
    last: Number


class AskRedo(Payload, code="re"):
    """Asks for the sentence to the worker."""

    submission: Number


class BeginRedo(Payload, code="rb"):
    submission: Number


class DeclineRedo(Payload, code="rn"):
    submission: Number


class RejectAnswer(Payload, code="vr"):
    submission: Number


class CiteLine(Payload, code="vl"):
    submission: Number
    line: Number


class DecidePause(Payload, code="pz"):
    project: Number
    resume: bool


class AppealRejection(Payload, code="ap"):
    submission: Number


class AppealWords(Payload, code="aw"):
    """A worker's words for the judges: 0 asks for them, 1 sends the words shown, another value sends none."""

    appeal: Number
    step: Number


class RuleAppeal(Payload, code="ru"):
    """1 the worker is right, 0 the requester: an admin's word where there are too few judges."""

    appeal: Number
    verdict: Number


class ShowRuling(Payload, code="rU"):
    """Such an appeal once more, from /admin."""

    appeal: Number


class Judge(Payload, code="ju"):
    """1: the worker is right; 0: the requester; 2: passes it to another judge."""

    appeal: Number
    verdict: Number


class ShowFigures(Payload):
    pass


class AskQuestion(Payload, code="qq"):
    """About a task that the worker was given; 0: the one in hand, or the latest."""

    assignment: Number = 0


class AskInWords(Payload):
    words: Words


class DropQuestion(Payload, code="qd"):
    pass


class AnswerQuestion(Payload, code="qa"):
    question: Number


class ChooseStanding(Payload, code="qs"):
    """Which entry of the FAQ answers it?"""

    question: Number


class AnswerByEntry(Payload, code="qe"):
    question: Number
    entry: Number


class ReportQuestion(Payload, code="qr"):
    question: Number


class JudgeReport(Payload, code="qj"):
    """An admin's word: abuse, or to be answered."""

    question: Number
    abuse: bool


class ShowQuestion(Payload, code="qn"):
    """The one of a project that has waited longest."""

    project: Number


class ReportTask(Payload, code="fl"):
    assignment: Number


class ReportAs(Payload, code="fk"):
    """`kind` is its place in domain/fairness/reports.py, KINDS."""

    assignment: Number
    kind: Number


class DropReport(Payload, code="fd"):
    pass


class ResumeReported(Payload, code="fr"):
    project: Number


class EndReported(Payload, code="fe"):
    """Asks for the reason."""

    project: Number


class ShowFaq(Payload, code="fq"):
    """Entries of a project's FAQ behind `before`; 0 begins with the newest."""

    project: Number
    before: Number = 0


class Rate(Payload, code="rt"):
    """`marks` given so far, a digit each; 0 begins."""

    project: Number
    marks: Number


class RateWhom(Payload, code="rw"):
    """The requesters a worker may rate."""


class ReplyToRatings(Payload, code="rr"):
    """0 asks for the words, 1 sends those shown, another value drops them."""

    step: Number


class AskPay(Payload, code="pl"):
    """“Too low”: a worker says which pay would be right."""

    project: Number


class AskOwnAmount(Payload, code="pw"):
    project: Number


class SayPay(Payload, code="py"):
    """`asked` in millionths."""

    project: Number
    asked: Number
