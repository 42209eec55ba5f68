"""A worker's bank account: two questions in chat, the name first, so that no draft ever holds an IBAN.
Outside SEPA, where the house pays through Wise, an e-mail address takes its place."""

import hashlib
import hmac
import re
from typing import Any

from domain.money.messages.payouts import (
    AccountKept,
    AccountNoted,
    EmailAsked,
    HolderAsked,
    HolderUnfit,
    IbanAsked,
    IbanUnfit,
)
from domain.money.payouts import Payee, usable_from
from domain.people.people import Person, PersonId
from domain.refusals import UnknownChoice
from formats.bank.iban import IbanProblem, read_iban
from formats.bank.wise import read_email
from locales.countries import currency_of
from services.act import Act, Reply
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


def typed(unit: UnitOfWork, worker: Person, text: str, wise: tuple[str, ...] = ()) -> Answer:
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
        linked_accounts.part(unit, worker.id, other)
        linked_accounts.part(unit, other, worker.id)
    if met:
        unit.audit.note(None, "shared payee", f"person:{worker.id}", others=others)


def _meet_teams(unit: UnitOfWork, worker: PersonId, others: list[PersonId]) -> None:
    """Who shares an account with a member does not work for the team, either."""
    pairs = [(worker, other) for other in others] + [(other, worker) for other in others]
    for mate, member in pairs:
        for team in unit.teams.ever_of(member):
            linked_accounts.keep_apart(unit, mate, team)
