"""A bank's report on a file of payments (pain.002, ISO 20022) → what became of each.

A status is of the whole file, of its group, or of one payment; the narrowest counts, and the wider one is that of all
payments that are not named. Where a file's groups disagree, or a payment without our reference has another status, only
the payments named are answered. What is merely accepted is no answer yet: the statement brings it.
"""

from dataclasses import replace

from formats.bank.entries import Entries
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
LONGEST_ID = 35  # characters of an ISO 20022 reference
GROUP, BATCH, ONE = ["OrgnlGrpInfAndSts"], ["OrgnlPmtInfAndSts"], ["OrgnlPmtInfAndSts", "TxInfAndSts"]


class StatusReport:
    def __init__(self) -> None:
        self.group: Fields = {}
        self.batch: Fields = {}
        self.one: Fields = {}
        self.batches = 0
        self.answers: list[PaymentAnswer] = []
        self.whole: list[PaymentAnswer] = []
        self.named: set[int] = set()
        self.nameless: set[bool | None] = set()
        self.payments = 0
        self.debtors: dict[str, str] = {}

    def began(self, path: Path, given: Attributes) -> None:
        if path == BATCH:
            self.batch = {}
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
            self._of_payment()
        if path == BATCH:
            self.batches += 1
            self._of_file(self.batch, "PmtInfSts", "OrgnlPmtInfId")
        if max(len(self.answers), len(self.named), len(self.whole), len(self.debtors)) > MOST:
            raise StatementFlaw("many")

    def found(self) -> Entries:
        """A file's own status counts where none of its groups is told; then for all payments that are not named."""
        if not self.batches:
            self._of_file(self.group, "GrpSts", "OrgnlMsgId")
        told, apart = {(each.file, each.paid) for each in self.whole}, frozenset(self.named)
        for each in {each.file: each for each in self.whole}.values():
            if (each.file, not each.paid) not in told and self.nameless <= {each.paid}:
                self.answers.append(replace(each, apart=apart))
        return Entries(answers=self.answers)

    def _of_payment(self) -> None:
        self.payments += 1
        if debtor := "".join(first(self.one, "OrgnlTxRef/DbtrAcct/Id/IBAN").split()).upper():
            where = first(self.one, "OrgnlEndToEndId", "OrgnlInstrId")[:LONGEST_ID] or str(self.payments)
            self.debtors.setdefault(debtor, where)
        payout = payout_in(first(self.one, "OrgnlEndToEndId"))
        own = first(self.one, "TxSts")
        status = own or first(self.batch, "PmtInfSts") or first(self.group, "GrpSts")
        if payout is None:
            self.nameless |= {_meaning(own)} if own else set()
            return
        self.named.add(payout)
        if _meaning(status) is not None:
            amount = amount_in(first(self.one, "OrgnlTxRef/Amt/InstdAmt"))
            self.answers.append(self._answer(payout, status, self.one, (amount, first(self.one, "Ccy"))))

    def _of_file(self, fields: Fields, status: str, number: str) -> None:
        told = first(fields, status) or first(self.group, "GrpSts")
        named = file_in(first(fields, number), first(self.group, "OrgnlMsgId")) is not None
        if named and _meaning(told) is not None:
            total = first(fields, "OrgnlCtrlSum") or first(self.group, "OrgnlCtrlSum")
            self.whole.append(self._answer(None, told, fields, (amount_in(total), "")))

    def _answer(self, payout: int | None, status: str, fields: Fields, money: tuple[int, str]) -> PaymentAnswer:
        """The reason of the narrowest level that gives one."""
        levels = (fields, self.batch, self.group)
        code = next((code for each in levels if (code := first(each, "StsRsnInf/Rsn/Cd"))), "")[:4]
        general = payout is None or not first(fields, "StsRsnInf/Rsn/Cd")
        said = next((said for each in levels if (said := first(each, "StsRsnInf/AddtlInf"))), "")
        file = file_in(first(self.group, "OrgnlMsgId"), first(self.batch, "OrgnlPmtInfId"))
        return PaymentAnswer(payout, file, status in PAID, *money, code=code, said=said[:SAID], general=general)


def _meaning(status: str) -> bool | None:
    """Paid, not paid, or no answer yet."""
    return status in PAID if status in PAID | FAILED else None
