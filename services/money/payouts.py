"""Payouts: shown, requested, reserved. Their settlement: services/money/settlement.py."""

import hashlib
import hmac
import re
from dataclasses import replace
from typing import Any

from domain.messages import Message
from domain.money.amounts import CENT, Millionths, parse_typed_amount
from domain.money.ledger import (
    WITHHELD,
    Transfer,
    available_account,
    payout_account,
)
from domain.money.payouts import (
    AccountKept,
    AccountNoted,
    Channel,
    EmailAsked,
    HolderAsked,
    HolderUnfit,
    IbanAsked,
    IbanUnfit,
    Payee,
    Payout,
    PayoutCard,
    PayoutId,
    PayoutRequested,
    PayoutUnread,
    PayoutView,
    split,
    usable_from,
    whole_cents,
)
from domain.people.accounts import Person, PersonId
from domain.refusals import (
    AlreadyAsked,
    BelowLeast,
    MoreThanThere,
    NothingToPay,
    UnknownChoice,
)
from formats.bank.iban import IbanProblem, read_iban
from formats.bank.sepa import read_email
from locales.countries import currency_of
from locales.languages import words
from services.act import Act, Reply
from services.money import contributions, tax_forms
from services.people import linked_accounts
from storage.unit import UnitOfWork

JOURNEY = "payee"
DIGITS = 10  # of an IBAN at least; of one with a letter too few, or too many
LONGEST = 70  # characters of a holder's name that a bank file carries
_ACCOUNT = re.compile(r"\s*[A-Za-z]{2}[ .-]?[0-9]{2}(?:[ .-]?[A-Za-z0-9]){8,}\s*")
Answer = HolderUnfit | IbanAsked | IbanUnfit | EmailAsked | AccountNoted


def change(act: Act) -> HolderAsked:
    """The button for another account."""
    return begin(act.unit, act.person)


def begin(unit: UnitOfWork, worker: Person, amount: int | None = None) -> HolderAsked:
    """Asks for the holder; `amount` is the payout they wanted, in millionths."""
    unit.drafts.keep(worker.id, JOURNEY, {"amount": amount}, unit.now)
    known = unit.payees.current(worker.id)
    return HolderAsked(known.masked if known else None)


def asked(unit: UnitOfWork, worker: Person) -> dict[str, Any]:
    """The draft: the `amount` that was wanted, the `holder` once given."""
    draft = unit.drafts.of(worker.id)
    return draft.kept if draft and draft.journey == JOURNEY else {}


def is_account(text: str) -> bool:
    """Whether words look like an IBAN."""
    return _ACCOUNT.fullmatch(text) is not None


def is_meant_as_account(text: str) -> bool:
    """Words that look like an IBAN and are one, or have as many digits: “In 2019 he moved to Paris” is an answer."""
    return is_account(text) and (is_valid_account(text) or sum(map(str.isdigit, text)) >= DIGITS)


def is_valid_account(text: str) -> bool:
    """Whether words are an IBAN by their check digits."""
    try:
        return is_account(text) and bool(read_iban(text))
    except IbanProblem:
        return False


def kept_back(words: str) -> Reply | None:
    """Where words that other people would read are a bank account: they go nowhere, and leave the chat."""
    return Reply(AccountKept(), erases=True) if is_valid_account(words) else None


def by_wise(act: Act, country: str) -> EmailAsked | HolderAsked:
    """The button of a country outside SEPA, below the question for the IBAN."""
    unit, known = act.unit, asked(act.unit, act.person)
    if country not in act.house.wise:
        raise UnknownChoice()
    if "holder" not in known:
        return begin(unit, act.person, known.get("amount"))
    unit.drafts.keep(act.person.id, JOURNEY, {**known, "country": country, "print": ""}, unit.now)
    least = act.house.wise_least
    currency = act.house.terms.currency if least else ""
    return EmailAsked(country, currency_of(country), least=least, currency=currency)


def take_account(unit: UnitOfWork, worker: Person, text: str, wise: tuple[str, ...] = ()) -> Answer:
    """Takes the answer to the open one of the two questions. The typed text is never shown again. `wise`: countries
    that are paid through Wise."""
    known = asked(unit, worker)
    if "holder" not in known:
        return _take_holder(unit, worker, text, known, wise)
    if known.get("country") in wise and not is_account(text):
        return _take_email(unit, worker, text, known)
    try:
        iban = read_iban(text)
    except IbanProblem as problem:
        return IbanUnfit(problem.what, problem.country, problem.wanted, problem.found)
    noted = _keep(unit, worker, iban, str(known["holder"]))
    unit.drafts.drop(worker.id)
    return noted


def _take_email(unit: UnitOfWork, worker: Person, text: str, known: dict[str, Any]) -> EmailAsked | AccountNoted:
    """Asked for twice: no check digits find a wrong letter, and Wise pays whoever reads its e-mail."""
    country, email = str(known["country"]), read_email(text)
    if email is None:
        return EmailAsked(country, currency_of(country), again=True)
    before, print_ = known.get("print", ""), _print(unit, email)
    if before != print_:
        unit.drafts.keep(worker.id, JOURNEY, {**known, "print": print_}, unit.now)
        return EmailAsked(country, currency_of(country), again=bool(before), repeat=True)
    noted = _keep(unit, worker, email, str(known["holder"]), currency_of(country))
    unit.drafts.drop(worker.id)
    return noted


def _take_holder(
    unit: UnitOfWork, worker: Person, text: str, known: dict[str, Any], wise: tuple[str, ...]
) -> HolderUnfit | IbanAsked:
    holder = " ".join(text.split())
    fits = 2 <= len(holder) <= LONGEST and any(sign.isalpha() for sign in holder) and not is_account(text)
    if not fits:
        return HolderUnfit(LONGEST)
    unit.drafts.keep(worker.id, JOURNEY, {**known, "holder": holder}, unit.now)
    return IbanAsked(holder, wise)


def _keep(unit: UnitOfWork, worker: Person, iban: str, holder: str, target: str = "") -> AccountNoted:
    """Another account than the one in use rests before it is used; payouts already asked for keep theirs."""
    before = unit.payees.current(worker.id)
    changed = before is not None and (before.iban, before.target) != (iban, target)
    payee = unit.payees.add(worker.id, iban, holder, _print(unit, iban), usable_from(unit.now, changed), target)
    unit.audit.note(worker.id, "payee", f"person:{worker.id}", payee=payee.id, usable_at=payee.usable_at)
    _meet(unit, worker, payee)
    usable_at = payee.usable_at if changed else None
    return AccountNoted(payee.masked, holder, usable_at, before.masked if before else None, bool(target))


def _print(unit: UnitOfWork, account: str) -> str:
    """A keyed hash: the same account is known by it."""
    return hmac.digest(unit.settings.secret, account.encode(), hashlib.sha256).hex()


def _meet(unit: UnitOfWork, worker: Person, payee: Payee) -> None:
    """Families share accounts: it is known; the same task is not given to both, and neither works for the other."""
    others = unit.payees.others(worker.id, payee.fingerprint)
    met = [other for other in others if unit.payees.meet(worker.id, other)]
    _meet_teams(unit, worker.id, others)
    for other in met:
        linked_accounts.separate(unit, worker.id, other)
        linked_accounts.separate(unit, other, worker.id)
    if met:
        unit.audit.note(None, "shared payee", f"person:{worker.id}", others=others)


def _meet_teams(unit: UnitOfWork, worker: PersonId, others: list[PersonId]) -> None:
    """Who shares an account with a member does not work for the team, either."""
    pairs = [(worker, other) for other in others] + [(other, worker) for other in others]
    for mate, member in pairs:
        for team in unit.teams.list_ever_teams(member):
            linked_accounts.keep_apart(unit, mate, team)


def view(unit: UnitOfWork, payout: Payout) -> PayoutView:
    """Its number for the worker is the operation's."""
    payee = unit.payees.get(payout.payee)
    return PayoutView(
        number=unit.payouts.reserved(payout.id),
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


SHOWN = 6
ALL = words("all")


def show(act: Act) -> tuple[Message, ...]:
    """`/payout`: the sum available, the bank account, payouts on their way. Asks for an account where there is none."""
    return _with_form(act, cards(act))


def _with_form(act: Act, shown: tuple[Message, ...]) -> tuple[Message, ...]:
    """The first card says how the tax form, and the SIRET, stand."""
    first = shown[0]
    if not isinstance(first, PayoutCard):
        return shown
    return (replace(first, tax_form=tax_forms.state(act), siret=contributions.get_siret_state(act)), *shown[1:])


def ask_for(act: Act, amount: str) -> Reply | tuple[Message, ...]:
    """`/payout 12.50` and `/payout all` ask at once."""
    word, currency = amount.lower().strip("€"), act.house.terms.currency
    asked = None if word in ALL else parse_typed_amount(word, currency)
    if asked is None and word not in ALL:
        return Reply(PayoutUnread(), erases=True)  # it may be an IBAN, typed too early
    return _requested(act, currency, asked)


def press(act: Act, turn: int, amount: int, currency: str, net: int) -> tuple[Message, ...]:
    """`turn` identifies a button's showing, so that a second press does nothing. Where another sum than the button's
    `net` would reach them, the card is shown again."""
    rate = contributions.get_withheld_share(act.unit, act.person, currency, act.house.contributions).rate
    if split(whole_cents(amount), rate)[0] != net and turn == act.unit.payouts.count(act.person.id) + 1:
        return _with_form(act, tuple(_changed(each, currency) for each in cards(act, amount)))
    done = _requested(act, currency, amount, turn)
    take_away(act, currency)
    return done


def _changed(shown: Message, currency: str) -> Message:
    return replace(shown, changed=True) if isinstance(shown, PayoutCard) and shown.currency == currency else shown


def take_away(act: Act, currency: str) -> None:
    """The pressed card says how things stand, without the button that has done its work."""
    payee = act.unit.payees.current(act.person.id)
    if payee is not None and act.message is not None:
        (card,) = _with_form(act, (replace(_card(act, payee, currency), asked=True),))
        act.unit.outbox.tell(act.person.id, card, klass="nudge", edits=act.message)


def press_rest(act: Act, turn: int, currency: str) -> tuple[Message, ...]:
    """Of somebody who leaves: all there is, also less than Wise is asked to send otherwise."""
    return _requested(act, currency, None, turn, least=0)


def rest_of(act: Act, currency: str) -> int:
    """The payout that it would be, by its turn, where all there is is less than goes through Wise; else 0."""
    payee = act.unit.payees.current(act.person.id)
    if payee is None:
        return 0
    card = _card(act, payee, currency, country=act.house.contributions)
    return card.turn if card.net < card.least else 0


def _requested(
    act: Act, currency: str, amount: int | None, turn: int | None = None, least: int | None = None
) -> tuple[Message, ...]:
    """The first payout asks for the tax form; one that has waited too long for it is refused."""
    tax_forms.gate(act)
    house = act.house
    least = house.wise_least if least is None else least
    done = request(act.unit, act.person, currency, amount, turn, house.contributions, least)
    if not isinstance(done, PayoutRequested):
        return (done,)
    return (*tax_forms.beside(act, done), *contributions.ask_once_for_siret(act))


def typed(act: Act, kept: dict[str, Any], words: str) -> tuple[Message | Reply, ...]:
    """The account's holder, or its number; with both the payout goes on where it was.

    A number is taken out of the chat, right or wrong.
    """
    answer = take_account(act.unit, act.person, words, act.house.wise)
    said = Reply(answer, erases="@" in words or any(sign.isdigit() for sign in words))
    if not isinstance(answer, AccountNoted):
        return (said,)
    return (said, *_with_form(act, cards(act, kept.get("amount"))))


def cards(act: Act, asked: int | None = None) -> tuple[Message, ...]:
    """One card for each currency there is a cent in, the platform's first."""
    unit, worker, currency = act.unit, act.person, act.house.terms.currency
    payee = unit.payees.current(worker.id)
    if payee is None:
        return (begin(unit, worker, asked),)
    account = available_account(worker)
    others = [
        each
        for each in unit.ledger.currencies(account)
        if each != currency and unit.ledger.balance(account, each) >= CENT
    ]
    first = _card(act, payee, currency, asked, act.house.contributions)
    return (first, *(_card(act, payee, other) for other in others))


def _card(act: Act, payee: Payee, currency: str, asked: int | None = None, country: str = "") -> PayoutCard:
    """The card of one currency: earnings are paid out in the currency they were earned in."""
    unit, worker = act.unit, act.person
    there = unit.ledger.balance(available_account(worker), currency)
    least = act.house.wise_least if payee.channel == Channel.WISE else 0
    rate = contributions.get_withheld_share(unit, worker, currency, country).rate
    net, withheld = split(whole_cents(there if asked is None else min(there, asked)), rate)
    if net < least:  # what was asked for is too little: all of it may do
        net, withheld = split(whole_cents(there), rate)
    coming = unit.payees.coming(worker.id)
    return PayoutCard(
        available=there,
        gross=net + withheld,
        net=net,
        withheld=withheld,
        currency=currency,
        turn=unit.payouts.count(worker.id) + 1,
        on_the_way=tuple(view(unit, payout) for payout in unit.payouts.of(worker.id, SHOWN)),
        account=payee.masked,
        holder=payee.holder,
        coming=coming.masked if coming else None,
        usable_at=coming.usable_at if coming else None,
        wise=payee.channel == Channel.WISE,
        least=least,
    )


def request(
    unit: UnitOfWork,
    worker: Person,
    currency: str,
    asked: int | None,
    turn: int | None = None,
    country: str = "",
    wise_least: int = 0,
) -> HolderAsked | PayoutRequested:
    """Reserves the amount, all of it when `asked` is None. Without an account it is asked for first.

    `country`: whose social contributions are withheld; `wise_least`: the smallest sum that goes through Wise.
    """
    payee = unit.payees.current(worker.id)
    if payee is None:
        return begin(unit, worker, asked)
    following = unit.payouts.count(worker.id) + 1
    gross = _gross(unit, worker, currency, asked) if turn in (None, following) else None
    share = contributions.get_withheld_share(unit, worker, currency, country)
    net, withheld = split(gross or Millionths(0), share.rate)
    if gross and payee.channel == Channel.WISE and net < wise_least:
        there = unit.ledger.balance(available_account(worker), currency)
        raise BelowLeast(least=wise_least, available=there, currency=currency)
    payout = unit.payouts.ask(worker.id, following, payee.id, currency, net, withheld) if gross else None
    if payout is None:
        raise AlreadyAsked()
    contributions.store_contribution(unit, payout, net + withheld, share)
    _reserve(unit, worker, payout, net, withheld, currency)
    return PayoutRequested(
        view(unit, unit.payouts.get(payout)), unit.ledger.balance(available_account(worker), currency)
    )


def _gross(unit: UnitOfWork, worker: Person, currency: str, asked: int | None) -> Millionths:
    """The sum in whole cents; the rest stays available."""
    there = unit.ledger.locked_balance(available_account(worker), currency)
    gross = whole_cents(there if asked is None else asked)
    if there < CENT or gross < CENT:
        raise NothingToPay(available=there, currency=currency, named=there >= CENT)
    if gross > there:
        raise MoreThanThere(asked=gross, available=there, currency=currency)
    return gross


def _reserve(
    unit: UnitOfWork, worker: Person, payout: PayoutId, net: Millionths, withheld: Millionths, currency: str
) -> None:
    source, target = available_account(worker), payout_account(worker)
    unit.ledger.open((source, target, WITHHELD), currency)
    unit.ledger.post(Transfer(f"payout:{payout}", "payout", source, target, net, currency))
    if withheld:
        unit.ledger.post(Transfer(f"withhold:{payout}", "withhold", source, WITHHELD, withheld, currency))
