"""The board. `pen` is what lets its holder write, empty for a reader without one (`domain/fairness/pens.py`)."""

from handlers.payloads.payload import Number, Payload


class OpenBoards(Payload):
    pass


class OpenBoard(Payload):
    board: Number


class OpenLog(Payload):
    """`/board log`, `/board log 2`."""

    word: str
    page: Number = 0


class OpenMirror(Payload):
    """`/board mirror`, `/board mirror GROUP`, `/board mirror off`."""

    word: str
    place: str = ""


class MirrorAgain(Payload, code="Bm"):
    pass


class EndMirror(Payload, code="Bj"):
    pass


class ShowBoards(Payload, code="B0"):
    pass


class ShowBoard(Payload, code="Bo"):
    board: Number
    page: Number
    pen: str


class ShowPost(Payload, code="Bp"):
    post: Number
    page: Number
    pen: str


class ShowLog(Payload, code="Bl"):
    page: Number


class TakePen(Payload, code="Bk"):
    board: Number


class WritePost(Payload, code="Bw"):
    board: Number
    petition: bool
    pen: str


class ReplyToPost(Payload, code="Br"):
    post: Number
    pen: str


class SendPost(Payload, code="Bs"):
    yes: bool


class SignPetition(Payload, code="Bg"):
    post: Number
    pen: str


class TakePostBack(Payload, code="Bt"):
    post: Number
    sure: bool
    pen: str


class ReportPost(Payload, code="Bf"):
    post: Number


class ShowReportedPost(Payload, code="Bi"):
    post: Number


class ModeratePost(Payload, code="Bh"):
    """`rule` 0 leaves it."""

    post: Number
    rule: Number


class AnswerPetition(Payload, code="Ba"):
    post: Number


class SendPetitionAnswer(Payload, code="Bu"):
    post: Number
    yes: bool


class AskForContact(Payload, code="Bc"):
    post: Number


class GiveContact(Payload, code="Bx"):
    post: Number
    pen: str


class ContestPost(Payload, code="Bq"):
    """A hidden one, by its pen."""

    post: Number
    pen: str


class ShowContest(Payload, code="Bz"):
    post: Number


class RestorePost(Payload, code="By"):
    post: Number


class UpholdHiding(Payload, code="Bn"):
    post: Number
