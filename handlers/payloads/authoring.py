"""Writing a project: its form, card, launch and instructions, and the list of them; `number` is the project's."""

from handlers.payloads.payload import Number, Payload


class FoldCard(Payload, code="fc"):
    """The pre-flight card: the `whole` of it, or the short one."""

    number: Number
    whole: bool


class TakeFirstRow(Payload, code="fn"):
    """The first row of a draft's file is a task, or names its columns."""

    number: Number
    is_task: bool


class SurelyAnew(Payload, code="ns"):
    pass


class EditProject(Payload, code="ep"):
    """In a message of its own, or `here`: in the one that was pressed."""

    number: Number
    here: bool


class EditPart(Payload, code="eq"):
    """`part`: title, instructions, one more picture or example."""

    number: Number
    part: str


class ClearPart(Payload, code="er"):
    """All pictures, or all examples."""

    number: Number
    part: str


class ShowVersions(Payload, code="ev"):
    number: Number


class AskSo(Payload, code="aso"):
    """So many answers a task; with a confidence, in thousandths, so many at most."""

    number: Number
    overlap: Number
    thousandths: Number


class LaunchShown(Payload, code="l"):
    """The button of a card that said this price, in millionths; 0 where none was said, or the button is old."""

    number: Number
    price: Number = 0


class ContinueProject(Payload, code="lc"):
    """To launch a project again that was launched before."""

    number: Number


class PayDebt(Payload, code="pd"):
    """Pays what an ended project owes its workers, by a button that named so many millionths."""

    number: Number
    amount: Number


class ListOlder(Payload, code="lp"):
    """Projects, behind that one."""

    before: Number
