"""What becomes of payouts: gathered into a bank file, then paid, failed or unknown, as the bank's statement says."""

from typing import Any

from domain.moments import as_datetime
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, WITHHELD, Transfer, available_account, payout_account
from domain.money.payouts import MOST_WITHHELD, OPEN, BankFile, BankFileId, Payer, Payout, PayoutState
from domain.people.people import Person
from domain.refusals import BadInput, MoreThanThere, NotFound, PayerMissing, PayoutDecided
from services.money.payouts import described
from services.people import lookup
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

LARGEST = (
    500  # payouts in one bank file: so many are confirmed in a fraction of a second, and the rest is the next file
)
LISTED = 10  # payouts, and files, in a list
UNDECIDED = 8  # payouts of a file that are shown with a button each
TOLD = {
    PayoutState.PAID: "payouts.paid",
    PayoutState.FAILED: "payouts.failed",
    PayoutState.UNKNOWN: "payouts.unknown",
}


def overview(unit: UnitOfWork, by: Person, currency: str) -> None:
    """`/payouts`: what waits for a bank file, and which files the bank has not answered for; a currency at a time."""
    files = [
        {
            "file": b.id,
            "currency": b.currency,
            "made_at": b.made_at,
            "payouts": b.payouts,
            "net": b.net,
            "undecided": b.undecided,
        }
        for b in unit.payouts.open_files(LISTED)
    ]
    _waiting(unit, by, currency, files)
    for other in unit.payouts.currencies():
        if other != currency:
            _waiting(unit, by, other, [])


def _waiting(unit: UnitOfWork, by: Person, currency: str, files: list[dict[str, Any]]) -> None:
    waiting, total = unit.payouts.requested(currency)
    unit.outbox.say(
        by.id,
        "settling.overview",
        waiting=waiting,
        total=total,
        listed=[_for_admin(unit, payout) for payout in unit.payouts.next(currency, LISTED)],
        files=files,
        withheld=_to_hand_on(unit, currency),
        after=unit.payouts.last_file(),
        year=as_datetime(unit.now).year,
        currency=currency,
    )


def gather(unit: UnitOfWork, by: Person, currency: str, payer: Payer, after: int) -> None:
    """One file of all that waits; `after`, the last file the presser saw, makes two presses one file."""
    if payer.missing:
        raise PayerMissing(missing=payer.missing)
    waiting, _ = unit.payouts.requested(currency)
    if not waiting or unit.payouts.last_file() != after:
        overview(unit, by, currency)
        return
    file = unit.payouts.gather(currency, payer, by.id, LARGEST)
    unit.audit.note(by.id, "bank file", f"file:{file.id}")
    send_file(unit, by, file.id)
    for payout in unit.payouts.in_file(file.id):
        unit.outbox.say(payout.worker, "payouts.sent", lane=Lane.BROADCAST, **described(unit, payout))


def send_file(unit: UnitOfWork, by: Person, number: int) -> None:
    """The same file, byte for byte, as often as it is asked for; never once somebody in it was erased."""
    file, payouts = _file(unit, number)
    if not unit.payouts.is_whole(file.id):
        raise NotFound(what="whole_file", name=str(number))
    unit.outbox.say(by.id, "settling.file", **_facts(file, payouts))


def show(unit: UnitOfWork, by: Person, number: int, after: int = 0) -> None:
    """One file, and those of its payouts the bank has not answered for: some, beginning behind payout `after`."""
    file, payouts = _file(unit, number)
    left = [payout for payout in payouts if payout.state in OPEN and payout.id > after]
    listed = [_for_admin(unit, payout) for payout in left[:UNDECIDED]]
    unit.outbox.say(by.id, "settling.bank_file", left=len(left), listed=listed, **_facts(file, payouts))


def show_one(unit: UnitOfWork, by: Person, number: int) -> None:
    unit.outbox.say(by.id, "settling.one", **_for_admin(unit, _payout(unit, number)))


def ask_why(unit: UnitOfWork, by: Person, number: int) -> None:
    """It failed: the reason is what the worker will be told."""
    unit.outbox.say(by.id, "settling.ask_why", **_for_admin(unit, _payout(unit, number)))


def confirm(unit: UnitOfWork, by: Person, number: int) -> None:
    """The bank has paid all of a file that is still on its way; what is unknown stays to be looked at."""
    file, payouts = _file(unit, number)
    for payout in payouts:
        if payout.state is PayoutState.SENT:
            _decide(unit, by, payout, PayoutState.PAID, "")
    show(unit, by, file.id)


def decide(unit: UnitOfWork, by: Person, number: int, state: PayoutState, reason: str) -> None:
    """One payout, as the bank's statement says. Unknown reserves it until somebody knows."""
    payout = _payout(unit, number)
    returned = payout.state is PayoutState.PAID and state is PayoutState.FAILED  # banks send money back days later
    if payout.state not in OPEN and not returned:
        raise PayoutDecided(number=number, state=payout.state.value)
    if state is PayoutState.FAILED and not reason:
        raise BadInput(what="payout_reason", value="", expected=["/payouts 12 failed account closed"])
    _decide(unit, by, payout, state, reason)
    show_one(unit, by, number)


def withhold(unit: UnitOfWork, by: Person, who: str, basis_points: int, reason: str) -> None:
    """Sets what part of a worker's payouts from now on is kept for the authorities, and tells them."""
    if not 0 <= basis_points <= MOST_WITHHELD or not reason:
        raise BadInput(what="withhold", value="", expected=["/withhold PERSON PERCENT reason"])
    worker = lookup.find(unit, who)
    unit.payouts.set_rate(worker.id, basis_points)
    unit.audit.note(by.id, "withhold", f"person:{worker.id}", basis_points=basis_points, reason=reason)
    unit.outbox.say(by.id, "settling.rate_set", who=worker.label, rate=basis_points, reason=reason)
    if worker.id != by.id and worker.name:
        unit.outbox.say(worker.id, "payouts.rate", rate=basis_points, reason=reason)


def hand_on(unit: UnitOfWork, by: Person, amount: Millionths, reference: str, key: str, currency: str) -> None:
    """Withheld money that an admin paid to the authority; never what a payout that may fail still needs back."""
    unit.ledger.open((WITHHELD, BANK), currency)
    unit.ledger.locked_balance(WITHHELD, currency)
    there = _to_hand_on(unit, currency)
    if amount > there:
        raise MoreThanThere(asked=amount, available=there, currency=currency)
    transfer = Transfer(f"handed:{key}", "handed on", WITHHELD, BANK, amount, currency, memo=reference)
    number = unit.ledger.post(transfer)
    unit.audit.note(by.id, "handed on", WITHHELD, amount=amount, reference=reference, transfer=number)
    facts: dict[str, Any] = {"amount": amount, "reference": reference, "left": there - amount, "currency": currency}
    unit.outbox.say(by.id, "settling.handed_on", number=number, **facts)


def _decide(unit: UnitOfWork, by: Person, payout: Payout, state: PayoutState, reason: str) -> None:
    if not unit.payouts.decide(payout, state, reason):
        return
    worker = unit.people.get(payout.worker)
    if state is PayoutState.PAID:
        source = payout_account(worker)
        unit.ledger.post(Transfer(f"paid:{payout.id}", "paid", source, BANK, payout.net, payout.currency))
    elif state is PayoutState.FAILED:
        _bring_back(unit, worker, payout)
    unit.audit.note(by.id, f"payout {state.value}", f"payout:{payout.id}", reason=reason)
    told = {**described(unit, _payout(unit, payout.id)), "operation": _last_operation(unit, payout)}
    unit.outbox.say(worker.id, TOLD[state], lane=Lane.BROADCAST, **told)


def _bring_back(unit: UnitOfWork, worker: Person, payout: Payout) -> None:
    """Each movement there was is mirrored by one that names it, the last one first."""
    if payout.withheld and unit.ledger.locked_balance(WITHHELD, payout.currency) < payout.withheld:
        raise PayoutDecided(number=payout.id, state="handed on")
    available, on_the_way = available_account(worker), payout_account(worker)
    for was, kind, debit, credit, amount in (
        ("paid", "bounced", BANK, on_the_way, payout.net),
        ("withhold", "unwithhold", WITHHELD, available, payout.withheld),
        ("payout", "unpaid", on_the_way, available, payout.net),
    ):
        before = unit.payouts.transfer(f"{was}:{payout.id}")
        if before is not None:
            key = f"{kind}:{payout.id}"
            unit.ledger.post(Transfer(key, kind, debit, credit, amount, payout.currency, reverses=before))


def _last_operation(unit: UnitOfWork, payout: Payout) -> int | None:
    return unit.payouts.transfer(f"unpaid:{payout.id}") or unit.payouts.transfer(f"paid:{payout.id}")


def _to_hand_on(unit: UnitOfWork, currency: str) -> int:
    return unit.ledger.balance(WITHHELD, currency) - unit.payouts.unsettled(currency)


def _file(unit: UnitOfWork, number: int) -> tuple[BankFile, list[Payout]]:
    file = unit.payouts.bank_file(number)
    if file is None:
        raise NotFound(what="bank_file", name=str(number))
    return file, unit.payouts.in_file(BankFileId(number))


def _payout(unit: UnitOfWork, number: int) -> Payout:
    payout = unit.payouts.find(number)
    if payout is None:
        raise NotFound(what="payout", name=str(number))
    return payout


def _for_admin(unit: UnitOfWork, payout: Payout) -> dict[str, Any]:
    return {**described(unit, payout), "who": unit.people.get(payout.worker).label, "file": payout.file}


def _facts(file: BankFile, payouts: list[Payout]) -> dict[str, Any]:
    states = [payout.state for payout in payouts]
    return {
        "file": file.id,
        "made_at": file.made_at,
        "currency": file.currency,
        "payouts": len(payouts),
        "net": sum(payout.net for payout in payouts),
        "counts": {state.value: states.count(state) for state in PayoutState if state in states},
    }
