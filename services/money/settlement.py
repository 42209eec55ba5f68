"""Settlement of payouts: collected into a bank file, then paid, failed or unknown, as the bank's statement says."""

from dataclasses import replace

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
from domain.money.ledger import BANK, WITHHELD, Transfer, available_account, payout_account
from domain.money.payouts import (
    UNDECIDED_STATES,
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
from domain.refusals import BadInput, NotFound, PayerMissing, PayoutDecided
from services import events
from services.act import Act
from services.money import topups
from services.money.payouts import payout_view
from storage.boxes.outbox import Lane
from storage.unit import UnitOfWork

MAX_PAYOUTS_PER_FILE = (
    500  # payouts in one bank file: so many are confirmed in a fraction of a second, and the rest is the next file
)
MAX_LISTED = 10  # payouts, and files, in a list
MAX_UNDECIDED_SHOWN = 8  # payouts of a file that are shown with a button each
MAX_REASON_CHARS = 140  # characters
STATES_BY_WORD = {"paid": PayoutState.PAID, "failed": PayoutState.FAILED, "unknown": PayoutState.UNKNOWN}
AccountPair = tuple[str, str]  # (debit, credit)
USAGE = "/payouts 12 failed account closed"


def show_overview(act: Act) -> tuple[PayoutsOverview, ...]:
    """Return payouts that wait for a bank file, and files that the bank has not answered altogether, by currency and
    channel (`/payouts`)."""
    unit, currency = act.unit, act.house.terms.currency
    files = tuple(
        OpenBankFile(
            file=file.id,
            currency=file.currency,
            made_at=file.made_at,
            payouts=file.payouts,
            net=file.net,
            undecided=file.undecided,
            channel=file.channel,
        )
        for file in unit.payouts.list_undecided_files(MAX_LISTED)
    )
    other_ways = [
        currency_and_channel
        for currency_and_channel in unit.payouts.list_waiting_ways()
        if currency_and_channel != (currency, Channel.SEPA)
    ]
    return (
        _waiting_overview(act, currency, files),
        *(_waiting_overview(act, other_currency, (), channel) for other_currency, channel in other_ways),
    )


def _waiting_overview(
    act: Act, currency: str, files: tuple[OpenBankFile, ...], channel: str = Channel.SEPA
) -> PayoutsOverview:
    unit = act.unit
    waiting, total = unit.payouts.sum_requested(currency, channel)
    return PayoutsOverview(
        currency=currency,
        waiting=waiting,
        total=total,
        listed=tuple(_admin_view(unit, payout) for payout in unit.payouts.list_next(currency, MAX_LISTED, channel)),
        files=files,
        withheld=events.ask(unit, events.SumWithheld(currency)),
        after=unit.payouts.last_file(),
        notes=events.find_notes(act, PayoutsOverview),
        channel=str(channel),
    )


def make_bank_file(
    act: Act, after: int, currency: str, channel: str = Channel.SEPA
) -> BankFileReady | tuple[PayoutsOverview, ...]:
    """Make one file of the payouts that wait in this currency and channel, tell their workers, and return it. `after`
    is the last file that the admin saw, so that two presses make one file: else, or if nothing waits, the overview is
    shown. Raise PayerMissing if the platform's bank account is not set."""
    unit, payer = act.unit, act.house.payer
    if payer.missing_settings:
        raise PayerMissing(missing=payer.missing_settings)
    waiting, _ = unit.payouts.sum_requested(currency, channel)
    if not waiting or unit.payouts.last_file() != after:
        return show_overview(act)
    file = unit.payouts.create_file(currency, payer, act.person.id, MAX_PAYOUTS_PER_FILE, channel)
    unit.audit.note(act.person.id, "bank file", f"file:{file.id}")
    for payout in unit.payouts.list_in_file(file.id):
        unit.outbox.tell(payout.worker, PayoutSent(payout_view(unit, payout)), lane=Lane.BROADCAST)
    return send_file(act, file.id)


def send_file(act: Act, file: int) -> BankFileReady:
    """Return a file again, byte for byte the same. Raise NotFound if it is unknown, or a person in it was
    erased since."""
    bank_file, payouts = _get_file(act.unit, file)
    if not act.unit.payouts.is_whole(bank_file.id):
        raise NotFound(what="whole_file", name=str(file))
    return BankFileReady(_bank_file_view(bank_file, payouts), act.house.operator.zone)


def show_file(act: Act, file: int, after: int = 0) -> BankFileShown:
    """Return one file with some payouts that the bank has not answered for, beginning after payout `after`. Raise
    NotFound."""
    bank_file, payouts = _get_file(act.unit, file)
    undecided = [payout for payout in payouts if payout.state in UNDECIDED_STATES and payout.id > after]
    listed = tuple(_admin_view(act.unit, payout) for payout in undecided[:MAX_UNDECIDED_SHOWN])
    return BankFileShown(_bank_file_view(bank_file, payouts), len(undecided), listed)


def show_payout(act: Act, payout: int) -> PayoutShown:
    return PayoutShown(_admin_view(act.unit, _get_payout(act.unit, payout)))


def confirm_by_button(act: Act, file: int, left: int) -> BankFileShown:
    """Confirm a file by a button. If a payout of its list was decided since, record nothing and show the file as it is
    now."""
    sent = sum(payout.state is PayoutState.SENT for payout in _get_file(act.unit, file)[1])
    if left != sent:
        return replace(show_file(act, file), stale=sent > 0)
    return confirm_file(act, file)


def confirm_file(act: Act, file: int) -> BankFileShown:
    """Record all payouts of a file that were sent as paid; unknown ones stay. Raise NotFound."""
    bank_file, payouts = _get_file(act.unit, file)
    for payout in payouts:
        if payout.state is PayoutState.SENT:
            record_decision(act, payout, PayoutState.PAID, "")
    return show_file(act, bank_file.id)


def decide_by_button(act: Act, payout: int, state: str, reason: str, seen: str) -> FailureAsked | PayoutShown:
    """Record a decision by a button. A failure takes two presses: the failure, then its reason, which the worker reads.
    If the payout's state is not `seen` any more, record nothing and show the payout as it is now."""
    current_state = _get_payout(act.unit, payout).state
    if current_state != seen:
        return replace(show_payout(act, payout), stale=current_state != state)
    if state == PayoutState.FAILED and not reason:
        return FailureAsked(_admin_view(act.unit, _get_payout(act.unit, payout)))
    return decide_payout(act, payout, state, reason)


def decide_payout(act: Act, payout: int, state: str, reason: str) -> PayoutShown:
    """Record one payout as the bank's statement says: paid, failed or unknown, which keeps it reserved. A payout that
    was not sent yet can only fail: it is called off. Raise BadInput for another state or a failure without a reason,
    PayoutDecided if its state does not allow it, NotFound."""
    found_payout, decision = _get_payout(act.unit, payout), STATES_BY_WORD.get(state.lower())
    if decision is None:
        raise BadInput(what="payout_reason", value="", expected=[USAGE])
    if not found_payout.may_become(decision):
        raise PayoutDecided(
            number=payout, state="called off" if found_payout.is_called_off else found_payout.state.value
        )
    if decision is PayoutState.FAILED and not reason:
        raise BadInput(what="payout_reason", value="", expected=[USAGE])
    record_decision(act, found_payout, decision, reason[:MAX_REASON_CHARS])
    return show_payout(act, payout)


def record_decision(act: Act, payout: Payout, state: PayoutState, reason: str, bank: str = "") -> None:
    """Set a payout to paid, failed or unknown, move its money, and tell its worker; nothing if it was decided
    meanwhile. `bank` is the bank's own code of the reason. Raise PayoutDecided if the money is not there any more."""
    unit = act.unit
    if not unit.payouts.set_state(payout, state, reason):
        return
    worker = unit.people.get(payout.worker)
    if state is PayoutState.PAID:
        if payout.state is PayoutState.FAILED:
            _reserve_again(unit, worker, payout)
        _post_movement(unit, payout, "paid", (payout_account(worker), BANK), payout.net)
    elif state is PayoutState.FAILED:
        _return_money(unit, worker, payout)
        topups.give_back_if_left(unit, worker, payout.currency)
    unit.audit.note(act.person.id, f"payout {state.value}", f"payout:{payout.id}", reason=reason, bank=bank)
    unit.outbox.tell(worker.id, _outcome_notice(unit, payout, _get_payout(unit, payout.id)), lane=Lane.BROADCAST)


def _outcome_notice(unit: UnitOfWork, before: Payout, payout: Payout) -> PayoutPaid | PayoutFailed | PayoutUnknown:
    """Notice to the worker after the bank's answer."""
    shown_payout = payout_view(unit, payout)
    if payout.state is PayoutState.PAID:
        after_all = before.state is PayoutState.FAILED
        return PayoutPaid(shown_payout, unit.payouts.find_newest_movement("paid", payout.id), after_all)
    if payout.state is PayoutState.FAILED:
        return PayoutFailed(shown_payout, unit.payouts.find_newest_movement("unpaid", payout.id))
    return PayoutUnknown(shown_payout)


def _reserve_again(unit: UnitOfWork, worker: Person, payout: Payout) -> None:
    """Reserve again the money that had come back, of a payout that the bank paid after all. Raise PayoutDecided if the
    worker has spent it."""
    available, on_the_way = available_account(worker), payout_account(worker)
    if unit.ledger.locked_balance(available, payout.currency) < payout.net + payout.withheld:
        raise PayoutDecided(number=payout.id, state="spent")
    for undone_kind, kind, credit, amount in (
        ("unpaid", "payout", on_the_way, payout.net),
        ("unwithhold", "withhold", WITHHELD, payout.withheld),
    ):
        undone_operation = unit.payouts.find_newest_movement(undone_kind, payout.id)
        if undone_operation is not None:
            _post_movement(
                unit, payout, kind=kind, accounts=(available, credit), amount=amount, reverses=undone_operation
            )


def _post_movement(
    unit: UnitOfWork, payout: Payout, kind: str, accounts: AccountPair, amount: Millionths, reverses: int | None = None
) -> None:
    """Post a movement of a payout's money under its next key. Raise PayoutDecided if there were too many."""
    key = unit.payouts.find_next_key(kind, payout.id)
    if key is None:
        raise PayoutDecided(number=payout.id, state=payout.state.value)
    debit, credit = accounts
    unit.ledger.post(
        Transfer(key, kind, debit=debit, credit=credit, amount=amount, currency=payout.currency, reverses=reverses)
    )


def _return_money(unit: UnitOfWork, worker: Person, payout: Payout) -> None:
    """Make a failed payout's money available: each movement is reversed by one that names it, the last one first. Raise
    PayoutDecided if its withheld share was paid to the authority."""
    lost_share = events.ask(unit, events.FindLostShare(payout))
    if lost_share is not None:
        raise PayoutDecided(number=payout.id, state=lost_share)
    events.publish(unit, events.ShareReturns(payout))
    available, on_the_way = available_account(worker), payout_account(worker)
    for undone_kind, kind, debit, credit, amount in (
        ("paid", "bounced", BANK, on_the_way, payout.net),
        ("withhold", "unwithhold", WITHHELD, available, payout.withheld),
        ("payout", "unpaid", on_the_way, available, payout.net),
    ):
        undone_operation = unit.payouts.find_newest_movement(undone_kind, payout.id)
        if undone_operation is not None:
            _post_movement(unit, payout, kind=kind, accounts=(debit, credit), amount=amount, reverses=undone_operation)


def is_handed_on(unit: UnitOfWork, payout: Payout) -> bool:
    """Return whether a payout's withheld share cannot come back because it was paid to the authority."""
    return events.ask(unit, events.FindLostShare(payout)) is not None


def _get_file(unit: UnitOfWork, number: int) -> tuple[BankFile, list[Payout]]:
    file = unit.payouts.find_file(number)
    if file is None:
        raise NotFound(what="bank_file", name=str(number))
    return file, unit.payouts.list_in_file(BankFileId(number))


def _get_payout(unit: UnitOfWork, number: int) -> Payout:
    payout = unit.payouts.find(number)
    if payout is None:
        raise NotFound(what="payout", name=str(number))
    return payout


def _admin_view(unit: UnitOfWork, payout: Payout) -> AdminPayout:
    return AdminPayout(payout_view(unit, payout), unit.people.get(payout.worker).label, payout.file)


def _bank_file_view(file: BankFile, payouts: list[Payout]) -> BankFileView:
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
