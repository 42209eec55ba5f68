"""Payouts: shown, requested, reserved; and the bank account they go to. Their settlement:
services/money/settlement.py."""

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Any

from domain.messages import Message
from domain.money.amounts import CENT, Millionths, parse_typed_amount
from domain.money.ledger import WITHHELD, Transfer, available_account, payout_account, pending_account
from domain.money.payouts import (
    AccountKept,
    AccountNoted,
    Channel,
    EmailAsked,
    HolderAsked,
    HolderUnfit,
    IbanAsked,
    IbanUnfit,
    NothingToPayOut,
    Payee,
    Payout,
    PayoutCard,
    PayoutId,
    PayoutRequested,
    PayoutUnread,
    PayoutView,
    round_down_to_cents,
    split_withheld,
    usable_from,
)
from domain.people.accounts import Person, PersonId
from domain.refusals import AlreadyAsked, BelowLeast, MoreThanThere, NothingToPay, UnknownChoice
from formats.bank.iban import IbanProblem, read_iban
from formats.bank.sepa import read_email
from locales.countries import get_currency
from locales.languages import words_for
from services import events
from services.act import Act, Reply
from services.people import teams
from storage.unit import UnitOfWork

JOURNEY = "payee"
MIN_IBAN_DIGITS = 10  # of an IBAN at least; of one with a letter too few, or too many
MAX_HOLDER_CHARS = 70  # characters of a holder's name that a bank file carries
_ACCOUNT = re.compile(r"\s*[A-Za-z]{2}[ .-]?[0-9]{2}(?:[ .-]?[A-Za-z0-9]){8,}\s*")
AccountAnswer = HolderUnfit | IbanAsked | IbanUnfit | EmailAsked | AccountNoted


def change_account(act: Act) -> HolderAsked:
    """Ask for another account (button)."""
    return ask_for_holder(act.unit, act.person)


def ask_for_holder(unit: UnitOfWork, worker: Person, amount: int | None = None) -> HolderAsked:
    """Ask for the account's holder, and keep a draft; `amount` is the payout that was wanted, in millionths."""
    unit.drafts.keep(worker.id, JOURNEY, {"amount": amount}, unit.now)
    payee = unit.payees.find_current(worker.id)
    return HolderAsked(payee.masked if payee else None)


def _begin_payout(act: Act, amount: int | None) -> HolderAsked | NothingToPayOut:
    """Ask a worker without an account for its holder, or say that there is nothing to pay out: data is asked for only
    where it is needed."""
    unit, worker, currency = act.unit, act.person, act.house.terms.currency
    account = available_account(worker)
    for code in (currency, *unit.ledger.currencies(account)):
        available = unit.ledger.balance(account, code)
        if available >= CENT:
            return replace(ask_for_holder(unit, worker, amount), available=available, currency=code)
    pending_until = [pay.until for pay in unit.submissions.held_by_project(worker.id)]
    return NothingToPayOut(
        available=unit.ledger.balance(account, currency),
        pending=unit.ledger.balance(pending_account(worker), currency),
        currency=currency,
        until=min(pending_until, default=None),
    )


def get_draft(unit: UnitOfWork, worker: Person) -> dict[str, Any]:
    """Return the draft of the two questions: the wanted `amount`, and the `holder` once given. Empty if
    none is open."""
    draft = unit.drafts.find(worker.id)
    return draft.fields if draft and draft.journey == JOURNEY else {}


def looks_like_iban(text: str) -> bool:
    """Return whether a text has the form of an IBAN."""
    return _ACCOUNT.fullmatch(text) is not None


def is_probably_iban(text: str) -> bool:
    """Return whether a text has the form of an IBAN and is valid, or has as many digits as one: “In 2019 he moved to
    Paris” is an answer."""
    return looks_like_iban(text) and (is_valid_iban(text) or sum(map(str.isdigit, text)) >= MIN_IBAN_DIGITS)


def is_valid_iban(text: str) -> bool:
    """Return whether a text is an IBAN by its check digits."""
    try:
        return looks_like_iban(text) and bool(read_iban(text))
    except IbanProblem:
        return False


def keep_iban_private(words: str) -> Reply | None:
    """Return the notice for an IBAN that was typed where other people would read it, and erase it from the chat; None
    for other words."""
    return Reply(AccountKept(), erases=True) if is_valid_iban(words) else None


def choose_wise(act: Act, country: str) -> EmailAsked | HolderAsked:
    """Ask for an e-mail address, for a country outside SEPA (button below the question for the IBAN). Ask for the
    holder if the draft has none. Raise UnknownChoice for a country that is not paid through Wise."""
    unit, draft = act.unit, get_draft(act.unit, act.person)
    if country not in act.house.wise:
        raise UnknownChoice()
    if "holder" not in draft:
        return ask_for_holder(unit, act.person, draft.get("amount"))
    unit.drafts.keep(act.person.id, JOURNEY, {**draft, "country": country, "print": ""}, unit.now)
    least = act.house.wise_least
    currency = act.house.terms.currency if least else ""
    return EmailAsked(country, get_currency(country), least=least, currency=currency)


def take_account_answer(unit: UnitOfWork, worker: Person, text: str, wise: tuple[str, ...] = ()) -> AccountAnswer:
    """Take the answer to the open question: holder, then IBAN or, in one of the countries `wise`, e-mail address. The
    typed text is never shown again."""
    draft = get_draft(unit, worker)
    if "holder" not in draft:
        return _take_holder(unit, worker, text, draft, wise)
    if draft.get("country") in wise and not looks_like_iban(text):
        return _take_email(unit, worker, text, draft)
    try:
        iban = read_iban(text)
    except IbanProblem as problem:
        return IbanUnfit(problem.what, problem.country, problem.expected_length, problem.length)
    receipt = _store_account(unit, worker, iban, str(draft["holder"]))
    unit.drafts.drop(worker.id)
    return receipt


def _take_email(unit: UnitOfWork, worker: Person, text: str, draft: dict[str, Any]) -> EmailAsked | AccountNoted:
    """Ask for the address twice, then store it: no check digits reveal a wrong letter, and Wise pays whoever reads its
    e-mail."""
    country, email = str(draft["country"]), read_email(text)
    if email is None:
        return EmailAsked(country, get_currency(country), again=True)
    earlier_print, print_ = draft.get("print", ""), _fingerprint(unit, email)
    if earlier_print != print_:
        unit.drafts.keep(worker.id, JOURNEY, {**draft, "print": print_}, unit.now)
        return EmailAsked(country, get_currency(country), again=bool(earlier_print), repeat=True)
    receipt = _store_account(unit, worker, email, str(draft["holder"]), get_currency(country))
    unit.drafts.drop(worker.id)
    return receipt


def _take_holder(
    unit: UnitOfWork, worker: Person, text: str, draft: dict[str, Any], wise: tuple[str, ...]
) -> HolderUnfit | IbanAsked:
    holder = " ".join(text.split())
    fits = 2 <= len(holder) <= MAX_HOLDER_CHARS and any(sign.isalpha() for sign in holder) and not looks_like_iban(text)
    if not fits:
        return HolderUnfit(MAX_HOLDER_CHARS)
    unit.drafts.keep(worker.id, JOURNEY, {**draft, "holder": holder}, unit.now)
    return IbanAsked(holder, wise)


def _store_account(unit: UnitOfWork, worker: Person, iban: str, holder: str, target: str = "") -> AccountNoted:
    """Store an account. Another one than that in use is used after a delay; payouts that were asked for keep theirs."""
    before = unit.payees.find_current(worker.id)
    changed = before is not None and (before.iban, before.target) != (iban, target)
    payee = unit.payees.add(
        worker.id,
        iban,
        holder,
        fingerprint=_fingerprint(unit, iban),
        usable_at=usable_from(unit.now, changed),
        target=target,
    )
    unit.audit.note(worker.id, "payee", f"person:{worker.id}", payee=payee.id, usable_at=payee.usable_at)
    _note_shared_account(unit, worker, payee)
    usable_at = payee.usable_at if changed else None
    return AccountNoted(payee.masked, holder, usable_at, before.masked if before else None, bool(target))


def _fingerprint(unit: UnitOfWork, account: str) -> str:
    """Return a keyed hash by which the same account is recognised."""
    return hmac.digest(unit.settings.secret, account.encode(), hashlib.sha256).hex()


def _note_shared_account(unit: UnitOfWork, worker: Person, payee: Payee) -> None:
    """Note that workers share an account, as families do: they are never given the same task, and none works for
    another."""
    people = unit.payees.list_others_with_account(worker.id, payee.fingerprint)
    new_pairs = [person for person in people if unit.payees.add_mates(worker.id, person)]
    _keep_apart_from_teams(unit, worker.id, people)
    for person in new_pairs:
        teams.separate_people(unit, worker.id, person)
        teams.separate_people(unit, person, worker.id)
    if new_pairs:
        unit.audit.note(None, "shared payee", f"person:{worker.id}", others=people)


def _keep_apart_from_teams(unit: UnitOfWork, worker: PersonId, people: list[PersonId]) -> None:
    """Keep people who share an account with a team's member from working for the team."""
    pairs = [(worker, person) for person in people] + [(person, worker) for person in people]
    for mate, member in pairs:
        for team in unit.teams.list_ever_teams(member):
            teams.keep_apart_from_team(unit, mate, team)


def payout_view(unit: UnitOfWork, payout: Payout) -> PayoutView:
    """Return a payout as it is shown; its number for the worker is that of the operation."""
    payee = unit.payees.get(payout.payee)
    return PayoutView(
        number=unit.payouts.find_reserving_operation(payout.id),
        payout=payout.id,
        gross=payout.gross,
        net=payout.net,
        withheld=payout.withheld,
        currency=payout.currency,
        state=payout.state.value,
        reason=payout.reason,
        account=payee.masked,
        requested_at=payout.requested_at,
        decided_at=payout.decided_at,
        wise=payee.channel == Channel.WISE,
        called_off=payout.is_called_off,
    )


MAX_PAYOUTS = 6
WORDS_FOR_ALL = words_for("all")


def show_payouts(act: Act) -> tuple[Message, ...]:
    """Return the sum available, the bank account and payouts on their way (`/payout`). Asks for an account if there is
    none and something can be paid out."""
    return _add_notes(act, list_cards(act))


def _add_notes(act: Act, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Add what extensions say to the first card."""
    card = messages[0]
    if not isinstance(card, PayoutCard):
        return messages
    waits = events.ask(act.unit, events.FindPayoutRefusal(act)) is not None
    return (replace(card, notes=events.find_notes(act, PayoutCard), waits=waits), *messages[1:])


def get_withheld_rate(unit: UnitOfWork, worker: Person, currency: str, country: str) -> int:
    """Return the share withheld of a worker's payouts, in hundredths of a percent: by the country's law, else what an
    admin set."""
    rate = events.ask(unit, events.FindWithheldRate(worker, currency, country))
    return unit.payouts.get_rate(worker.id) if rate is None else rate


def request_typed(act: Act, amount: str) -> Reply | tuple[Message, ...]:
    """Request the payout of `/payout 12.50` or `/payout all`. Words that are no amount are erased, since they may be an
    IBAN. Raise what `request_payout` raises."""
    word, currency = amount.lower().strip("€"), act.house.terms.currency
    wanted_amount = None if word in WORDS_FOR_ALL else parse_typed_amount(word, currency)
    if wanted_amount is None and word not in WORDS_FOR_ALL:
        return Reply(PayoutUnread(), erases=True)  # it may be an IBAN, typed too early
    return _request_with_notes(act, currency, wanted_amount)


def request_by_button(act: Act, turn: int, amount: int, currency: str, net: int) -> tuple[Message, ...]:
    """Request the payout of a button. `turn` identifies the button's card, so that a second press does nothing
    (AlreadyAsked). If another sum than the button's `net` would reach the worker, the card is shown again instead."""
    rate = get_withheld_rate(act.unit, act.person, currency, act.house.contributions)
    if (
        split_withheld(round_down_to_cents(amount), rate)[0] != net
        and turn == act.unit.payouts.count(act.person.id) + 1
    ):
        return _add_notes(act, tuple(_mark_changed(card, currency) for card in list_cards(act, amount)))
    messages = _request_with_notes(act, currency, amount, turn)
    remove_card_button(act, currency)
    return messages


def _mark_changed(card: Message, currency: str) -> Message:
    return replace(card, changed=True) if isinstance(card, PayoutCard) and card.currency == currency else card


def remove_card_button(act: Act, currency: str) -> None:
    """Edit the pressed card: it shows the new state, without the button."""
    payee = act.unit.payees.find_current(act.person.id)
    if payee is not None and act.message is not None:
        (card,) = _add_notes(act, (replace(_card(act, payee, currency), asked=True),))
        act.unit.outbox.tell(act.person.id, card, klass="nudge", edits=act.message)


def request_rest(act: Act, turn: int, currency: str) -> tuple[Message, ...]:
    """Request all there is for a worker who leaves, even less than Wise is asked to send otherwise."""
    return _request_with_notes(act, currency, None, turn, least=0)


def get_turn_of_small_rest(act: Act, currency: str) -> int:
    """Return the turn of the payout that would empty this currency if it is too little for Wise otherwise; else 0."""
    payee = act.unit.payees.find_current(act.person.id)
    if payee is None:
        return 0
    card = _card(act, payee, currency, country=act.house.contributions)
    return card.turn if card.net < card.least else 0


def _request_with_notes(
    act: Act, currency: str, amount: int | None, turn: int | None = None, least: int | None = None
) -> tuple[Message, ...]:
    """Request a payout and return the receipt with what extensions add to it. Raise what an extension refuses by."""
    refusal = events.ask(act.unit, events.FindPayoutRefusal(act))
    if refusal is not None:
        raise refusal
    house = act.house
    least = house.wise_least if least is None else least
    outcome = request_payout(
        act.unit,
        act.person,
        currency=currency,
        wanted_amount=amount,
        turn=turn,
        country=house.contributions,
        wise_least=least,
    )
    if not isinstance(outcome, PayoutRequested):
        return (outcome,)
    return (outcome, *events.ask_all(act.unit, events.FollowPayout(act)))


def take_typed_account(act: Act, draft: dict[str, Any], words: str) -> tuple[Message | Reply, ...]:
    """Take the account's holder or its number; with both, the payout goes on where it was. A number is erased from the
    chat, right or wrong."""
    answer = take_account_answer(act.unit, act.person, words, act.house.wise)
    reply = Reply(answer, erases="@" in words or any(sign.isdigit() for sign in words))
    if not isinstance(answer, AccountNoted):
        return (reply,)
    return (reply, *_add_notes(act, list_cards(act, draft.get("amount"))))


def list_cards(act: Act, wanted_amount: int | None = None) -> tuple[Message, ...]:
    """Return one card for each currency that holds a cent, the platform's first. Without an account, return the
    question for one, or that nothing can be paid out."""
    unit, worker, currency = act.unit, act.person, act.house.terms.currency
    payee = unit.payees.find_current(worker.id)
    if payee is None:
        return (_begin_payout(act, wanted_amount),)
    account = available_account(worker)
    other_currencies = [
        code
        for code in unit.ledger.currencies(account)
        if code != currency and unit.ledger.balance(account, code) >= CENT
    ]
    first_card = _card(act, payee, currency, wanted_amount, act.house.contributions)
    return (first_card, *(_card(act, payee, other_currency) for other_currency in other_currencies))


def _card(act: Act, payee: Payee, currency: str, wanted_amount: int | None = None, country: str = "") -> PayoutCard:
    """Card of one currency: earnings are paid out in the currency they were earned in."""
    unit, worker = act.unit, act.person
    available = unit.ledger.balance(available_account(worker), currency)
    minimum = act.house.wise_least if payee.channel == Channel.WISE else 0
    rate = get_withheld_rate(unit, worker, currency, country)
    net, withheld = split_withheld(
        round_down_to_cents(available if wanted_amount is None else min(available, wanted_amount)), rate
    )
    if net < minimum:  # what was asked for is too little: all of it may do
        net, withheld = split_withheld(round_down_to_cents(available), rate)
    coming_payee = unit.payees.find_coming(worker.id)
    return PayoutCard(
        available=available,
        gross=net + withheld,
        net=net,
        withheld=withheld,
        currency=currency,
        turn=unit.payouts.count(worker.id) + 1,
        on_the_way=tuple(payout_view(unit, payout) for payout in unit.payouts.list_for_worker(worker.id, MAX_PAYOUTS)),
        account=payee.masked,
        holder=payee.holder,
        coming=coming_payee.masked if coming_payee else None,
        usable_at=coming_payee.usable_at if coming_payee else None,
        wise=payee.channel == Channel.WISE,
        least=minimum,
    )


def request_payout(
    unit: UnitOfWork,
    worker: Person,
    currency: str,
    wanted_amount: int | None,
    turn: int | None = None,
    country: str = "",
    wise_least: int = 0,
) -> HolderAsked | PayoutRequested:
    """Reserve a payout of the amount, or of all if it is None, and return the receipt; ask for an account first if
    there is none.

    `country`: whose social contributions are withheld; `wise_least`: the smallest sum that goes through Wise. Raise
    AlreadyAsked if `turn` is not the next payout's, NothingToPay, MoreThanThere, or BelowLeast.
    """
    payee = unit.payees.find_current(worker.id)
    next_turn = unit.payouts.count(worker.id) + 1
    gross = _get_gross(unit, worker, currency, wanted_amount) if turn in (None, next_turn) else None
    if payee is None:
        return ask_for_holder(unit, worker, wanted_amount)
    rate = get_withheld_rate(unit, worker, currency, country)
    net, withheld = split_withheld(gross or Millionths(0), rate)
    if gross and payee.channel == Channel.WISE and net < wise_least:
        available = unit.ledger.balance(available_account(worker), currency)
        raise BelowLeast(least=wise_least, available=available, currency=currency)
    payout = (
        unit.payouts.insert_payout(worker.id, next_turn, payee=payee.id, currency=currency, net=net, withheld=withheld)
        if gross
        else None
    )
    if payout is None:
        raise AlreadyAsked()
    events.publish(unit, events.PayoutReserved(payout, worker, net + withheld, currency, country))
    _reserve(unit, worker, payout=payout, net=net, withheld=withheld, currency=currency)
    return PayoutRequested(
        payout_view(unit, unit.payouts.get(payout)), unit.ledger.balance(available_account(worker), currency)
    )


def _get_gross(unit: UnitOfWork, worker: Person, currency: str, wanted_amount: int | None) -> Millionths:
    """Return the sum in whole cents. Raise NothingToPay below a cent, MoreThanThere above the available sum."""
    available = unit.ledger.locked_balance(available_account(worker), currency)
    gross = round_down_to_cents(available if wanted_amount is None else wanted_amount)
    if available < CENT or gross < CENT:
        raise NothingToPay(available=available, currency=currency, named=available >= CENT)
    if gross > available:
        raise MoreThanThere(asked=gross, available=available, currency=currency)
    return gross


def _reserve(
    unit: UnitOfWork, worker: Person, payout: PayoutId, net: Millionths, withheld: Millionths, currency: str
) -> None:
    source, target = available_account(worker), payout_account(worker)
    unit.ledger.open((source, target, WITHHELD), currency)
    unit.ledger.post(
        Transfer(key=f"payout:{payout}", kind="payout", debit=source, credit=target, amount=net, currency=currency)
    )
    if withheld:
        unit.ledger.post(
            Transfer(
                key=f"withhold:{payout}",
                kind="withhold",
                debit=source,
                credit=WITHHELD,
                amount=withheld,
                currency=currency,
            )
        )
