"""A task in hand: answered, changed, skipped, refused."""

from handlers.payloads.payload import Number, Payload


class SubmitAnswer(Payload, code="a"):
    assignment: Number
    option: Number


class Choose(Payload, code="o"):
    """One of several presses that make an answer."""

    assignment: Number
    option: Number


class Undo(Payload, code="un"):
    assignment: Number


class Done(Payload, code="dn"):
    assignment: Number


class CantTell(Payload, code="c"):
    assignment: Number


class Skip(Payload, code="s"):
    assignment: Number


class Decline(Payload, code="d"):
    project: Number


class AcceptAgain(Payload, code="da"):
    project: Number


class ChooseContent(Payload, code="cw"):
    """Whether a worker wants what a project shows: 1 yes, 0 no."""

    project: Number
    agrees: bool


class LeaveWhich(Payload):
    """`/leave` without a number."""


class LeaveOlder(Payload, code="lw"):
    """The same, behind a project."""

    before: Number


class ListTasks(Payload, code="tl"):
    """A page of the work to choose from, from 0."""

    page: Number = 0


class TakeTask(Payload, code="tt"):
    project: Number


class ShowInstructions(Payload, code="in"):
    """All of a project's; of the task in hand, or the latest, where `project` is 0."""

    project: Number = 0


class ReadText(Payload, code="rx"):
    """One of the texts that are too long for their task's message."""

    assignment: Number
    column: Number


class ReadShown(Payload, code="rz"):
    """The same beside an answer to it: in review, appeals and redos."""

    submission: Number
    column: Number


class ReadAnswer(Payload, code="rk"):
    """An answer that is too long for the message that shows it."""

    submission: Number


class ReadOwn(Payload, code="ry"):
    """The same for its requester: in a preview, and where check questions are made."""

    task: Number
    column: Number


class AskForWork(Payload, code="w"):
    pass


class TypeWords(Payload):
    """Plain text: the answer to a task, or to a question that is open. `replied` is the message it replies to."""

    text: str
    replied: int = 0


class SendAnswer(Payload):
    """A photo, a voice message or a place; `what` names which, empty for anything else; `album` is empty for none.
    `flaws` and `mark` are what a look at the file has found (`handlers/file_checks.py`)."""

    what: str = ""
    handed_in: str = ""
    album: str = ""
    flaws: str = ""
    mark: str = ""


class KeepFile(Payload, code="kf"):
    assignment: Number


class UsedTool(Payload, code="ut"):
    assignment: Number


class ChangeAnswer(Payload, code="cg"):
    """`message` shows the answer, 0 where that is not known."""

    assignment: Number
    message: Number


class CorrectAnswer(Payload, code="am"):
    assignment: Number
    option: Number


class CorrectCantTell(Payload, code="ac"):
    assignment: Number


class CorrectChoose(Payload, code="ao"):
    """One of several presses that make the new answer."""

    assignment: Number
    option: Number


class CorrectUndo(Payload, code="au"):
    assignment: Number


class CorrectDone(Payload, code="ad"):
    assignment: Number


class KeepAnswer(Payload, code="ak"):
    assignment: Number
