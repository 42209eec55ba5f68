"""What a booked entry says of payouts."""

from collections.abc import Sequence

from formats.bank.credits import is_reversal, sum_of
from formats.bank.fields import SAID, Fields, PaymentAnswer, amount_in, file_in, first, payout_in

RETURNED = "RRTN"  # the bank's own code of a transfer that came back
BATCH_REFS = ("Refs/MsgId", "Refs/PmtInfId", "NtryDtls/Btch/MsgId", "NtryDtls/Btch/PmtInfId")


def answer_of_file(account: str, entry: Fields, parts: Sequence[Fields]) -> PaymentAnswer | None:
    """A debit in one sum that names its bank file; None for any other."""
    if first(entry, "CdtDbtInd") != "DBIT" or is_reversal(entry):
        return None
    file = file_in(
        *(first(fields, ref) for fields in (entry, *parts[:1]) for ref in BATCH_REFS), first(entry, "NtryRef")
    )
    money = (amount_in(first(entry, "Amt")), first(entry, "Amt/Ccy"))
    return None if file is None else PaymentAnswer(None, file, True, *money, account)


def answers_of(account: str, entry: Fields, parts: Sequence[Fields]) -> list[PaymentAnswer | None]:
    """What each part says of a payout: a debit paid it; a credit is one that came back only where the bank itself marks
    it as a return, for a payer chooses the EndToEndId of what they send."""
    if is_reversal(entry):
        return []
    debit = first(entry, "CdtDbtInd") == "DBIT"
    return [_answer(account, debit, entry, part, len(parts)) for part in parts or [{}]]


def _answer(account: str, debit: bool, entry: Fields, part: Fields, parts: int) -> PaymentAnswer | None:
    payout = payout_in(first(part, "Refs/EndToEndId"))
    code = first(part, "RtrInf/Rsn/Cd")
    kind = first({**entry, **part}, "BkTxCd/Domn/Fmly/SubFmlyCd")
    if payout is None or not (debit or code or kind == RETURNED or "RtrInf/Rsn/Prtry" in part):
        return None
    money = sum_of(part if parts > 1 else entry)
    said = " ".join(part.get("RtrInf/AddtlInf", []))[:SAID]
    named = (amount_in(first(money, "Amt")), first(money, "Amt/Ccy"), account)
    return PaymentAnswer(payout, None, debit, *named, code[:4], said)
