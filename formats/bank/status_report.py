"""A bank's report on a file of payments (pain.002, ISO 20022) → what became of each.

A status is of the whole file, of its group, or of one payment; the narrowest counts. What is merely accepted is no
answer yet: the statement brings it.
"""

from formats.bank.camt import Credit
from formats.bank.fields import (
    MOST,
    SAID,
    Fields,
    Path,
    PaymentAnswer,
    StatementFlaw,
    amount_in,
    file_in,
    first,
    payout_in,
    put,
)
from formats.spreadsheets.workbook import Attributes

PAID = frozenset({"ACSC", "ACCC"})  # settled on the payer's account, on the payee's
FAILED = frozenset({"RJCT", "CANC"})
GROUP, BATCH, ONE = ["OrgnlGrpInfAndSts"], ["OrgnlPmtInfAndSts"], ["OrgnlPmtInfAndSts", "TxInfAndSts"]


class StatusReport:
    def __init__(self) -> None:
        self.group: Fields = {}
        self.batch: Fields = {}
        self.one: Fields = {}
        self.seen = 0
        self.answers: list[PaymentAnswer] = []

    def began(self, path: Path, given: Attributes) -> None:
        if path == BATCH:
            self.batch, self.seen = {}, 0
        if path == ONE:
            self.one = {}
        if path[-1:] == ["InstdAmt"] and path[:2] == ONE:
            put(self.one, ["Ccy"], given.get("Ccy", ""))

    def ended(self, path: Path, words: str) -> None:
        if path[:2] == ONE:
            put(self.one, path[2:], words)
        elif path[:1] == BATCH:
            put(self.batch, path[1:], words)
        elif path[:1] == GROUP:
            put(self.group, path[1:], words)
        if path == ONE:
            self.seen += 1
            self._of_payment()
        if path == BATCH and not self.seen:
            self._of_file(self.batch, "PmtInfSts", "OrgnlPmtInfId")
        if len(self.answers) > MOST:
            raise StatementFlaw("many")

    def found(self) -> tuple[list[Credit], list[PaymentAnswer]]:
        """A file's own status counts where no payment and no group has one."""
        if not self.seen and not self.batch:
            self._of_file(self.group, "GrpSts", "OrgnlMsgId")
        return [], self.answers

    def _of_payment(self) -> None:
        payout = payout_in(first(self.one, "OrgnlEndToEndId"))
        status = first(self.one, "TxSts") or first(self.batch, "PmtInfSts") or first(self.group, "GrpSts")
        amount = first(self.one, "OrgnlTxRef/Amt/InstdAmt")
        if payout is not None and status in PAID | FAILED:
            self._answer(payout, status, self.one, (amount_in(amount), first(self.one, "Ccy")))

    def _of_file(self, fields: Fields, status: str, number: str) -> None:
        told = first(fields, status) or first(self.group, "GrpSts")
        if file_in(first(fields, number), first(self.group, "OrgnlMsgId")) is not None and told in PAID | FAILED:
            self._answer(None, told, fields, (0, ""))

    def _answer(self, payout: int | None, status: str, fields: Fields, money: tuple[int, str]) -> None:
        """The reason of the narrowest level that gives one."""
        levels = (fields, self.batch, self.group)
        code = next((code for each in levels if (code := first(each, "StsRsnInf/Rsn/Cd"))), "")
        said = next((said for each in levels if (said := first(each, "StsRsnInf/AddtlInf"))), "")
        file = file_in(first(self.group, "OrgnlMsgId"), first(self.batch, "OrgnlPmtInfId"))
        self.answers.append(PaymentAnswer(payout, file, status in PAID, *money, code=code[:4], said=said[:SAID]))
