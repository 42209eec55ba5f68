"""A requester's projects and their files; `number` is the project's."""

from handlers.payloads.payload import Number, Payload, Words, Written


class Launch(Payload):
    """Typed: whatever waits."""

    number: Number


class DecideLaunch(Payload, code="ld"):
    """Of a launch that a program asked for."""

    number: Number
    yes: bool


class ShowProject(Payload, code="pr"):
    number: Number


class AskToStop(Payload):
    number: Number


class ListProjects(Payload):
    pass


class Preview(Payload, code="pv"):
    number: Number


class TryTask(Payload, code="ti"):
    """The requester answers the first task, as a worker would."""

    project: Number


class TryOption(Payload, code="to"):
    project: Number
    option: Number


class UndoTrial(Payload, code="tu"):
    project: Number


class DoneTrial(Payload, code="td"):
    project: Number


class EndTrial(Payload, code="tq"):
    project: Number


class DeleteDraft(Payload, code="dd"):
    number: Number


class OfferClone(Payload, code="co"):
    number: Number


class CloneProject(Payload, code="cl"):
    """`what` comes along: `none` of its rows, `gold` or `all`."""

    number: Number
    what: str


class ShowWho(Payload, code="wo"):
    number: Number


class ChangeWho(Payload, code="wc"):
    """`word`: a condition as a caption has it."""

    number: Number
    word: str


class Invite(Payload, code="iv"):
    number: Number


class EndInvitation(Payload, code="ie"):
    number: Number


class BeginPilot(Payload, code="pi"):
    number: Number


class HoldProject(Payload, code="ho"):
    """`on`: it pauses; else it goes on."""

    number: Number
    on: bool


class ToggleHold(Payload):
    number: Number


class SetDigest(Payload, code="dg"):
    """Whether the daily digest comes; `team`: of which team, 0 for one's own."""

    on: bool
    team: Number = 0


class OfferMore(Payload, code="om"):
    number: Number


class AskMore(Payload, code="amo"):
    """`overlap`: so many answers a task, so that a second press asks for no more."""

    number: Number
    overlap: Number


class StopProject(Payload, code="x"):
    number: Number
    sure: bool


class GetFile(Payload, code="f"):
    number: Number
    what: str
    form: str


class PushToHub(Payload, code="hf"):
    """To the hub of data sets: a name and a token are typed."""

    number: Number


class ShowAnswers(Payload, code="sa"):
    """Photos or voice messages in the chat, behind the answer `after`."""

    number: Number
    after: Number = 0


class StartProject(Payload, code="np"):
    pass


class DescribeProject(Payload):
    """`/newproject` with its lines."""

    form: Written


class AddTasks(Payload):
    number: Number


class AddFrom(Payload):
    """`/add N https://…`"""

    number: Number
    address: Words


class ChooseKind(Payload, code="ck"):
    kind: str


class BeginAnew(Payload, code="na"):
    """Asks first."""


class ChoosePreset(Payload, code="ps"):
    name: str


class StepBack(Payload, code="sb"):
    pass


class ChangeStep(Payload, code="sc"):
    step: str


class KeepStep(Payload, code="wk"):
    pass


class SayStep(Payload, code="ws"):
    """A suggested answer to a step; a pay in millionths."""

    step: str
    value: Number


class ChooseColumn(Payload, code="cc"):
    """The place of a column in the file that was sent, from 0."""

    column: Number


class TakeFile(Payload, code="tf"):
    """The file that was sent before; `leave_out` its rows with an empty cell."""

    leave_out: bool


class CancelDraft(Payload, code="cd"):
    pass


class OfferRaise(Payload, code="pu"):
    number: Number


class RaisePay(Payload, code="pp"):
    """`pay` in millionths, so that a second press raises nothing."""

    number: Number
    pay: Number


class GetResults(Payload):
    number: Number
    form: Words = "csv"


class GetSubmissions(Payload):
    number: Number
    form: Words = "csv"


class StopHere(Payload):
    """`/stop` without a number: a worker's."""


class RaiseTo(Payload):
    """The amount as it was typed: the service knows the currency and reads it."""

    number: Number
    pay: Words


class GoOn(Payload, code="ug"):
    number: Number
