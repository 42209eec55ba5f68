"""Settlement of payouts: collected into a bank file, then paid, failed or unknown, as the bank's statement says."""

from dataclasses import replace

from domain.moments import as_datetime
from domain.money.amounts import Millionths
from domain.money.bank_statements import (
    AdminPayout,
    BankFileReady,
    BankFileShown,
    BankFileView,
    FailureAsked,
    OpenBankFile,
    PayoutShown,
    PayoutsOverview,
    StateCount,
)
from domain.money.ledger import (
    BANK,
    WITHHELD,
    Transfer,
    available_account,
    payout_account,
)
from domain.money.payouts import (
    OPEN,
    BankFile,
    BankFileId,
    Channel,
    Payout,
    PayoutFailed,
    PayoutPaid,
    PayoutSent,
    PayoutState,
    PayoutUnknown,
)
from domain.people.accounts import Person
from domain.refusals import (
    BadInput,
    NotFound,
    PayerMissing,
    PayoutDecided,
)
from services.act import Act
from services.money import contributions, topups
from services.money.payouts import view
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

LARGEST = (
    500  # payouts in one bank file: so many are confirmed in a fraction of a second, and the rest is the next file
)
LISTED = 10  # payouts, and files, in a list
UNDECIDED = 8  # payouts of a file that are shown with a button each
REASON = 140  # characters
DECISIONS = {"paid": PayoutState.PAID, "failed": PayoutState.FAILED, "unknown": PayoutState.UNKNOWN}
Way = tuple[str, str]  # (debit, credit)
EXAMPLE = "/payouts 12 failed account closed"


def overview(act: Act) -> tuple[PayoutsOverview, ...]:
    """`/payouts`: payouts that wait for a bank file, and files without the bank's answer; by currency."""
    unit, currency = act.unit, act.house.terms.currency
    files = tuple(
        OpenBankFile(b.id, b.currency, b.made_at, b.payouts, b.net, b.undecided, b.channel)
        for b in unit.payouts.open_files(LISTED)
    )
    others = [way for way in unit.payouts.waiting() if way != (currency, Channel.SEPA)]
    return (_waiting(unit, currency, files), *(_waiting(unit, other, (), channel) for other, channel in others))


def _waiting(
    unit: UnitOfWork, currency: str, files: tuple[OpenBankFile, ...], channel: str = Channel.SEPA
) -> PayoutsOverview:
    waiting, total = unit.payouts.requested(currency, channel)
    return PayoutsOverview(
        currency=currency,
        waiting=waiting,
        total=total,
        listed=tuple(_for_admin(unit, payout) for payout in unit.payouts.next(currency, LISTED, channel)),
        files=files,
        withheld=contributions.available_to_hand_on(unit, currency)
        + contributions.available_to_hand_on(unit, currency, declared=True),
        after=unit.payouts.last_file(),
        year=as_datetime(unit.now).year,
        channel=str(channel),
    )


def gather(
    act: Act, after: int, currency: str, channel: str = Channel.SEPA
) -> BankFileReady | tuple[PayoutsOverview, ...]:
    """One file of all that waits for one way; `after`, the last file the presser saw, makes two presses one file."""
    unit, payer = act.unit, act.house.payer
    if payer.missing:
        raise PayerMissing(missing=payer.missing)
    waiting, _ = unit.payouts.requested(currency, channel)
    if not waiting or unit.payouts.last_file() != after:
        return overview(act)
    file = unit.payouts.gather(currency, payer, act.person.id, LARGEST, channel)
    unit.audit.note(act.person.id, "bank file", f"file:{file.id}")
    for payout in unit.payouts.in_file(file.id):
        unit.outbox.tell(payout.worker, PayoutSent(view(unit, payout)), lane=Lane.BROADCAST)
    return send_file(act, file.id)


def send_file(act: Act, file: int) -> BankFileReady:
    """The same file, byte for byte, each time; refused once a person in it was erased."""
    found, payouts = _file(act.unit, file)
    if not act.unit.payouts.is_whole(found.id):
        raise NotFound(what="whole_file", name=str(file))
    return BankFileReady(_file_view(found, payouts), act.house.operator.zone)


def show(act: Act, file: int, after: int = 0) -> BankFileShown:
    """One file, and those of its payouts the bank has not answered for: some, beginning behind payout `after`."""
    found, payouts = _file(act.unit, file)
    left = [payout for payout in payouts if payout.state in OPEN and payout.id > after]
    listed = tuple(_for_admin(act.unit, payout) for payout in left[:UNDECIDED])
    return BankFileShown(_file_view(found, payouts), len(left), listed)


def show_one(act: Act, payout: int) -> PayoutShown:
    return PayoutShown(_for_admin(act.unit, _payout(act.unit, payout)))


def press_paid(act: Act, file: int, left: int) -> BankFileShown:
    """`confirm` by a button. One of a list from which a payout was decided since records nothing: it shows the file as
    it is now."""
    sent = sum(payout.state is PayoutState.SENT for payout in _file(act.unit, file)[1])
    if left != sent:
        return replace(show(act, file), stale=sent > 0)
    return confirm(act, file)


def confirm(act: Act, file: int) -> BankFileShown:
    """Records all payouts of a file that are on their way as paid; unknown ones stay."""
    found, payouts = _file(act.unit, file)
    for payout in payouts:
        if payout.state is PayoutState.SENT:
            record(act, payout, PayoutState.PAID, "")
    return show(act, found.id)


def press(act: Act, payout: int, state: str, reason: str, seen: str) -> FailureAsked | PayoutShown:
    """A failure takes two presses: the failure, then its reason, which the worker reads. A button of a list from before
    the payout was decided records nothing: it shows the payout as it is now."""
    now = _payout(act.unit, payout).state
    if now != seen:
        return replace(show_one(act, payout), stale=now != state)
    if state == PayoutState.FAILED and not reason:
        return FailureAsked(_for_admin(act.unit, _payout(act.unit, payout)))
    return decide(act, payout, state, reason)


def decide(act: Act, payout: int, state: str, reason: str) -> PayoutShown:
    """Records one payout as the bank's statement says: paid, failed or unknown. Unknown keeps it reserved. What was not
    sent yet can only fail: it is called off."""
    found, decision = _payout(act.unit, payout), DECISIONS.get(state.lower())
    if decision is None:
        raise BadInput(what="payout_reason", value="", expected=[EXAMPLE])
    if not found.may_become(decision):
        raise PayoutDecided(number=payout, state="called off" if found.is_called_off else found.state.value)
    if decision is PayoutState.FAILED and not reason:
        raise BadInput(what="payout_reason", value="", expected=[EXAMPLE])
    record(act, found, decision, reason[:REASON])
    return show_one(act, payout)


def record(act: Act, payout: Payout, state: PayoutState, reason: str, bank: str = "") -> None:
    """One payout is now paid, failed or unknown, and its worker is told; `bank`: the bank's own code of the reason."""
    unit = act.unit
    if not unit.payouts.decide(payout, state, reason):
        return
    worker = unit.people.get(payout.worker)
    if state is PayoutState.PAID:
        if payout.state is PayoutState.FAILED:
            _take_again(unit, worker, payout)
        _move(unit, payout, "paid", (payout_account(worker), BANK), payout.net)
    elif state is PayoutState.FAILED:
        _bring_back(unit, worker, payout)
        topups.pass_on(unit, worker, payout.currency)
    unit.audit.note(act.person.id, f"payout {state.value}", f"payout:{payout.id}", reason=reason, bank=bank)
    unit.outbox.tell(worker.id, _news(unit, payout, _payout(unit, payout.id)), lane=Lane.BROADCAST)


def _news(unit: UnitOfWork, before: Payout, payout: Payout) -> PayoutPaid | PayoutFailed | PayoutUnknown:
    """The notice to its worker after the bank's answer."""
    told = view(unit, payout)
    if payout.state is PayoutState.PAID:
        after_all = before.state is PayoutState.FAILED
        return PayoutPaid(told, unit.payouts.movement("paid", payout.id), after_all)
    if payout.state is PayoutState.FAILED:
        return PayoutFailed(told, unit.payouts.movement("unpaid", payout.id))
    return PayoutUnknown(told)


def _take_again(unit: UnitOfWork, worker: Person, payout: Payout) -> None:
    """What had come back, of a payout that the bank paid after all; refused where it is not there any more."""
    available, on_the_way = available_account(worker), payout_account(worker)
    if unit.ledger.locked_balance(available, payout.currency) < payout.net + payout.withheld:
        raise PayoutDecided(number=payout.id, state="spent")
    for was, kind, credit, amount in (
        ("unpaid", "payout", on_the_way, payout.net),
        ("unwithhold", "withhold", WITHHELD, payout.withheld),
    ):
        before = unit.payouts.movement(was, payout.id)
        if before is not None:
            _move(unit, payout, kind, (available, credit), amount, before)


def _move(
    unit: UnitOfWork, payout: Payout, kind: str, way: Way, amount: Millionths, reverses: int | None = None
) -> None:
    key = unit.payouts.next_key(kind, payout.id)
    if key is None:
        raise PayoutDecided(number=payout.id, state=payout.state.value)
    unit.ledger.post(Transfer(key, kind, *way, amount, payout.currency, reverses=reverses))


def _bring_back(unit: UnitOfWork, worker: Person, payout: Payout) -> None:
    """Each movement there was is mirrored by one that names it, the last one first."""
    if is_handed_on(unit, payout):
        declared = unit.payouts.withheld.is_declared(payout.id)
        raise PayoutDecided(number=payout.id, state="declared" if declared else "handed on")
    contributions.advance_missing_share(unit, payout)
    available, on_the_way = available_account(worker), payout_account(worker)
    for was, kind, debit, credit, amount in (
        ("paid", "bounced", BANK, on_the_way, payout.net),
        ("withhold", "unwithhold", WITHHELD, available, payout.withheld),
        ("payout", "unpaid", on_the_way, available, payout.net),
    ):
        before = unit.payouts.movement(was, payout.id)
        if before is not None:
            _move(unit, payout, kind, (debit, credit), amount, before)


def is_handed_on(unit: UnitOfWork, payout: Payout) -> bool:
    """Whether what was withheld from it can't come back: it was paid to the authority."""
    return contributions.is_share_lost(unit, payout)


def _file(unit: UnitOfWork, number: int) -> tuple[BankFile, list[Payout]]:
    file = unit.payouts.find_file(number)
    if file is None:
        raise NotFound(what="bank_file", name=str(number))
    return file, unit.payouts.in_file(BankFileId(number))


def _payout(unit: UnitOfWork, number: int) -> Payout:
    payout = unit.payouts.find(number)
    if payout is None:
        raise NotFound(what="payout", name=str(number))
    return payout


def _for_admin(unit: UnitOfWork, payout: Payout) -> AdminPayout:
    return AdminPayout(view(unit, payout), unit.people.get(payout.worker).label, payout.file)


def _file_view(file: BankFile, payouts: list[Payout]) -> BankFileView:
    states = [payout.state for payout in payouts]
    return BankFileView(
        file=file.id,
        made_at=file.made_at,
        currency=file.currency,
        payouts=len(payouts),
        net=sum(payout.net for payout in payouts),
        channel=file.channel,
        counts=tuple(StateCount(state.value, states.count(state)) for state in PayoutState if state in states),
    )
