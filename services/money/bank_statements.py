"""A bank's statements and reports: matched with payouts, deposits and lines, shown to an admin, and booked with one
press."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pydantic import TypeAdapter

from domain.moments import DAY, later
from domain.money.amounts import Millionths
from domain.money.bank_statements import (
    REASONS_NOT_POSTED,
    BankLine,
    Reconciled,
    StatementBooked,
    StatementDeposit,
    StatementPayout,
    StatementRead,
    UnmatchedLine,
    reason_of,
)
from domain.money.ledger import BANK, requester_account
from domain.money.payouts import (
    UNDECIDED_STATES,
    BankFile,
    BankFileId,
    Channel,
    Payout,
    PayoutId,
    PayoutState,
    mask_account,
)
from domain.people.accounts import Person
from domain.refusals import StatementRefused
from formats.bank.camt import BankMessage
from formats.bank.iban import REFERENCE_PREFIX, requester_reference
from formats.bank.statements import Credit, PaymentAnswer
from services.act import Act
from services.money import bank_lines, deposits, settlement
from storage.unit import UnitOfWork


class _MatchRefused(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class MatchStep:
    """Result of matching one answer. `payouts` become `state`; its line is stored with `why` it waits, or empty.
    `clears` is the key of a line that waited and has come back; `twin` the line of another view that is the same;
    `refused` are payouts of a sum that were debited though they had failed, each with its part of the line."""

    answer: PaymentAnswer
    payouts: tuple[Payout, ...] = ()
    why: str = ""
    payout: PayoutId | None = None
    file: BankFileId | None = None
    clears: str = ""
    twin: int | None = None
    refused: tuple[tuple[BankLine, Payout], ...] = ()

    @property
    def state(self) -> PayoutState:
        return PayoutState.PAID if self.answer.paid else PayoutState.FAILED


class PayoutMatcher:
    """Matches the answers of a message with payouts, in their order: what earlier answers would change counts for later
    ones. Records nothing."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit
        self.states = dict[PayoutId, PayoutState]()
        self.newly_paid = Counter[int]()
        self.lines = Counter[tuple[int, bool, str]]()
        self.files = Counter[tuple[int, str]]()
        self.waiting = list[tuple[str, int, int]]()  # key, payout, amount of debits
        self.cleared = set[str]()
        self.twins = set[int]()

    def follow(self, answer: PaymentAnswer) -> MatchStep:
        """Return what follows from the answer, and count it."""
        try:
            step = self._match_file(answer) if answer.payout is None else self._match_payout(answer)
        except _MatchRefused as flaw:
            step = self._as_unmatched(answer, flaw.why)
        for payout in step.payouts:
            self.states[payout.id] = step.state
            self.newly_paid[payout.id] += answer.paid
        line = answer.line
        if line is not None and not step.why and not step.clears and step.twin is None:
            if step.payout is not None:
                self.lines[step.payout, line.debit, line.view] += 1
            elif step.file is not None:
                self.files[step.file, line.view] += 1
        for part, payout in step.refused:
            self.waiting.append((part.key, payout.id, payout.net))
        return step

    def _as_unmatched(self, answer: PaymentAnswer, why: str) -> MatchStep:
        """Return the step of an answer that does not match for the reason `why`: the twin of another line, or one that
        waits."""
        unit, line = self.unit, answer.line
        payout = None if answer.payout is None else unit.payouts.find(answer.payout)
        file = None if answer.file is None or answer.payout is not None else unit.payouts.find_file(answer.file)
        step = MatchStep(answer, (), why, payout.id if payout else None, file.id if file else None)
        if line is None:
            return step
        twin = self._take_twin(line, step.payout, step.file)
        if twin is not None:
            return MatchStep(answer, (), why, step.payout, step.file, twin=twin)
        if step.payout is not None and line.debit:
            self.waiting.append((line.key, step.payout, line.amount))
        return step

    def _match_payout(self, answer: PaymentAnswer) -> MatchStep:
        """Return the step of an answer about one payout. Raise _MatchRefused."""
        payout = self.unit.payouts.find(answer.payout or 0)
        if payout is None:
            raise _MatchRefused("unknown")
        if payout.file is None:
            raise _MatchRefused("failed" if payout.is_called_off else "waiting")
        channel = self.unit.payouts.get_file(payout.file).channel
        if answer.file not in (None, payout.file) or channel != answer.channel:
            raise _MatchRefused("file")
        self._require_match(payout.file, answer, {int(payout.net)}, payout.currency)
        if answer.line is None:
            return MatchStep(answer, (payout,) if self._is_news(payout, answer) else (), payout=payout.id)
        if not answer.paid and (twin := self._take_twin(answer.line, payout.id, None)) is not None:
            return MatchStep(answer, payout=payout.id, twin=twin)
        changes = self._match_debit(payout, answer.line) if answer.paid else self._match_credit(payout, answer.line)
        if isinstance(changes, str):
            return MatchStep(answer, payout=payout.id, clears=changes)
        return MatchStep(answer, (payout,) if changes else (), payout=payout.id)

    def _match_debit(self, payout: Payout, line: BankLine) -> bool:
        """Return whether this debit pays the payout; False if it belongs to a payment that was recorded before. Raise
        _MatchRefused for a second payment."""
        line_count, state = self._count_lines(payout, line), self._current_state(payout)
        if state in UNDECIDED_STATES and not line_count:
            return True
        if state is PayoutState.FAILED:
            returned_count = self.unit.payouts.lines.count_of_payout(payout.id, False, line.view)
            expected = max(self._times_paid(payout), returned_count + self.lines[payout.id, False, line.view])
        else:
            expected = max(1, self._times_paid(payout))
        if line_count >= expected:
            raise _MatchRefused("failed" if state is PayoutState.FAILED and not line_count else "twice")
        return False

    def _match_credit(self, payout: Payout, line: BankLine) -> bool | str:
        """Return True if this credit brings the payout back, the key of the waiting debit that it takes back instead,
        or False if its return was recorded before. Raise _MatchRefused for a second return."""
        if (key := self._take_waiting_debit(payout)) is not None:
            return key
        if may_follow(self._current_state(payout), PayoutState.FAILED):
            if is_payout_handed_on(self.unit, payout, PayoutState.FAILED):
                raise _MatchRefused("handed")
            return True
        bounced = self.unit.payouts.count_movements("bounced", payout.id)
        if self._count_lines(payout, line) >= max(1, bounced):
            raise _MatchRefused("twice")
        return False

    def _take_twin(self, line: BankLine, payout: int | None, file: int | None) -> int | None:
        """Return the line of another view that is the same movement and did not match either, once; None
        without one."""
        twin = None if payout is None and file is None else self.unit.payouts.lines.find_twin(line, payout, file)
        if twin is None or twin in self.twins:
            return None
        self.twins.add(twin)
        return twin

    def _take_waiting_debit(self, payout: Payout) -> str | None:
        """Return the key of a waiting debit of this payout, once each; None without one."""
        waiting_debits = self.unit.payouts.lines.list_waiting_debits(payout.id)
        keys = [debit.key for debit in waiting_debits if debit.amount == payout.net]
        keys += [key for key, number, amount in self.waiting if (number, amount) == (payout.id, payout.net)]
        open_key = next((key for key in keys if key not in self.cleared), None)
        if open_key is not None:
            self.cleared.add(open_key)
        return open_key

    def _match_file(self, answer: PaymentAnswer) -> MatchStep:
        """Return the step of an answer about a whole file: all its payouts without an answer, if the bank's sum is
        theirs. Raise _MatchRefused."""
        file = self.unit.payouts.find_file(answer.file or 0)
        if file is None or file.channel != answer.channel:
            raise _MatchRefused("unknown")
        payouts = self.unit.payouts.list_in_file(file.id)
        unanswered = [
            payout
            for payout in payouts
            if self._current_state(payout) in UNDECIDED_STATES and payout.id not in answer.apart
        ]
        if answer.line is not None:
            return self._match_file_line(file, payouts, unanswered, answer, answer.line)
        if not unanswered:
            return MatchStep(answer, file=file.id)
        self._require_match(file.id, answer, {_sum_net(unanswered), _sum_net(payouts)}, file.currency)
        return MatchStep(answer, tuple(unanswered), file=file.id)

    def _match_file_line(
        self,
        file: BankFile,
        payouts: Sequence[Payout],
        unanswered: Sequence[Payout],
        answer: PaymentAnswer,
        line: BankLine,
    ) -> MatchStep:
        """Return the step of a debit of a whole file: it pays the unanswered payouts. Raise _MatchRefused if the sum is
        another one, or the file was debited before."""
        line_count = self.files[file.id, line.view] + self.unit.payouts.lines.count_of_file(file.id, line.view)
        without_line = [payout for payout in payouts if not self._count_lines(payout, line)]
        # Payouts that the bank refused are either debited with the others, and come back, or not debited.
        failed = [
            payout
            for payout in without_line
            if self._current_state(payout) is PayoutState.FAILED and not self._times_paid(payout)
        ]
        not_failed = [payout for payout in without_line if payout not in failed]
        self._require_match(
            file.id, answer, {_sum_net(payouts), _sum_net(without_line), _sum_net(not_failed)}, file.currency
        )
        if line_count or not without_line or answer.amount not in (_sum_net(without_line), _sum_net(not_failed)):
            raise _MatchRefused("twice")
        debited = failed if answer.amount == _sum_net(without_line) else []
        refused = tuple((part_of_payout(line, payout), payout) for payout in debited)
        return MatchStep(answer, tuple(unanswered), file=file.id, refused=refused)

    def _count_lines(self, payout: Payout, line: BankLine) -> int:
        """Return how many lines of this view are this payout's, alone or within its file's sum."""
        bank_lines, key = self.unit.payouts.lines, (payout.id, line.debit, line.view)
        count = bank_lines.count_of_payout(*key) + self.lines[key]
        if line.debit and payout.file is not None:
            count += bank_lines.count_of_file(payout.file, line.view) + self.files[payout.file, line.view]
        return count

    def _current_state(self, payout: Payout) -> PayoutState:
        return self.states.get(payout.id, payout.state)

    def _times_paid(self, payout: Payout) -> int:
        return self.unit.payouts.count_movements("paid", payout.id) + self.newly_paid[payout.id]

    def _require_match(self, file: BankFileId, answer: PaymentAnswer, amounts: set[int], currency: str) -> None:
        """Raise _MatchRefused for a payment from another account, and one of another amount or currency."""
        if answer.account not in ("", self.unit.payouts.get_file(file).payer_iban):
            raise _MatchRefused("account")
        is_named = answer.amount or answer.account or answer.channel != Channel.SEPA  # a bank may leave the amount out
        # A report names the sum of a file without its currency.
        named_currency = answer.currency or (not answer.account and currency)
        if is_named and (answer.amount not in amounts or named_currency != currency):
            raise _MatchRefused("amount")

    def _is_news(self, payout: Payout, answer: PaymentAnswer) -> bool:
        """Return whether a report's answer is news. Raise _MatchRefused if the payout cannot change so."""
        current_state = self._current_state(payout)
        new_state = PayoutState.PAID if answer.paid else PayoutState.FAILED
        if current_state is new_state or (current_state is PayoutState.FAILED and self._times_paid(payout)):
            return False
        if not may_follow(current_state, new_state):
            raise _MatchRefused("failed")
        if is_payout_handed_on(self.unit, payout, new_state):
            raise _MatchRefused("handed")
        return True


def _sum_net(payouts: Sequence[Payout]) -> int:
    return sum(payout.net for payout in payouts)


def may_follow(current_state: PayoutState, new_state: PayoutState) -> bool:
    """Return whether a bank's answer may change a payout so. Banks send money back days after they have paid it; a
    payout recorded as failed is recorded as paid by an admin only."""
    return current_state in UNDECIDED_STATES or (current_state is PayoutState.PAID and new_state is PayoutState.FAILED)


def is_payout_handed_on(unit: UnitOfWork, payout: Payout, new_state: PayoutState) -> bool:
    """Return whether the payout would fail and cannot, because its withheld share was handed on."""
    return new_state is PayoutState.FAILED and settlement.is_handed_on(unit, payout)


def part_of_payout(line: BankLine, payout: Payout) -> BankLine:
    """Return the part of a sum's line that is one payout's."""
    return bank_lines.make_part(line, f"PAYOUT-{payout.id}", payout.net)


CLEARS_WAITING, IS_TWIN = (
    "clears",
    "twin",
)  # of matched lines: it takes back one that waits; another view's line is the same


@dataclass(slots=True)
class PayoutMatches:
    """Answers that would be recorded, in the order of the bank's message, and those that would not."""

    payouts: list[StatementPayout] = field(default_factory=list)
    steps: list[MatchStep] = field(default_factory=list)
    known_count: int = 0
    unclear: list[UnmatchedLine] = field(default_factory=list)


def match_answers(unit: UnitOfWork, answers: Sequence[PaymentAnswer]) -> PayoutMatches:
    """Match the answers with payouts. Records nothing."""
    matched, matcher = PayoutMatches(), PayoutMatcher(unit)
    for answer in answers:
        if answer.line is not None and unit.payouts.lines.is_known(answer.line.key):
            matched.known_count += 1
            continue
        step = matcher.follow(answer)
        matched.steps.append(step)
        if step.why and step.twin is None:
            matched.unclear.append(unmatched_line(unit, step))
        elif not step.payouts and not step.clears and not step.refused:
            matched.known_count += not answer.apart  # those apart are counted one by one
        for payout in step.payouts:
            matched.payouts.append(_statement_payout(unit, payout, answer))
        if step.clears and step.payout is not None:
            matched.payouts.append(_statement_payout(unit, unit.payouts.get(step.payout), answer, CLEARS_WAITING))
        for line, payout in step.refused:
            matched.unclear.append(bank_lines.preview_line(unit, line, "refused", payout.id))
    return matched


def record_steps(act: Act, steps: Sequence[MatchStep]) -> tuple[int, int, int]:
    """Record the steps, matched just before, and store their lines. Return (paid, failed, lines that wait)."""
    paid, failed, waiting = 0, 0, 0
    for step in steps:
        answer, line = step.answer, step.answer.line
        reason = "" if answer.paid else reason_of(answer.code, answer.general)
        for payout in step.payouts:
            current = act.unit.payouts.get(payout.id)
            if not may_follow(current.state, step.state) or is_payout_handed_on(act.unit, current, step.state):
                step = replace(step, why="handed")
                continue
            settlement.record_decision(act, current, step.state, reason, bank=answer.code)
            paid += answer.paid
            failed += not answer.paid
        if line is None:
            continue
        if step.why and step.twin is None:
            waiting += bank_lines.keep_waiting(act.unit, line, step.why, payout=step.payout, file=step.file)
            continue
        if step.clears:
            bank_lines.clear_returned_debit(act, step.clears)
        why = IS_TWIN if step.twin is not None else CLEARS_WAITING if step.clears else ""
        act.unit.payouts.lines.add(line, why=why, twin=step.twin, payout=step.payout, file=step.file)
        for part, payout in step.refused:
            waiting += bank_lines.keep_waiting(act.unit, part, "refused", payout=payout.id, file=step.file)
    return paid, failed, waiting


def unmatched_line(unit: UnitOfWork, step: MatchStep) -> UnmatchedLine:
    """Return the answer as it is shown to the admin who decides."""
    answer, number = step.answer, step.answer.payout
    if answer.line is not None:
        return bank_lines.preview_line(unit, answer.line, step.why, number, answer.file if number is None else None)
    return UnmatchedLine(
        step.why,
        amount=answer.amount,
        currency=answer.currency,
        debit=answer.paid,
        party=bank_lines.payout_label(unit, number),
        payout=number,
        file=answer.file if number is None else None,
    )


def _statement_payout(unit: UnitOfWork, payout: Payout, answer: PaymentAnswer, reason: str = "") -> StatementPayout:
    reason = reason or ("" if answer.paid else reason_of(answer.code, answer.general))
    who = unit.people.get(payout.worker).label
    return StatementPayout(
        payout=payout.id, who=who, amount=payout.net, currency=payout.currency, paid=answer.paid, reason=reason
    )


RECORDED_LATELY = (
    60 * DAY
)  # a movement of the same sum from elsewhere within this time may be this one: typed, or a table's row
ROW_KEY_PREFIX = "row:"  # begins the key of one from a table


@dataclass(slots=True)
class StatementMatches:
    """Content of a bank's file beside what is in the ledger; nothing of it is booked yet."""

    deposits: list[tuple[Credit, Person, bool]] = field(default_factory=list)  # booked before or not
    waiting: list[tuple[BankLine, str, int | None, int | None]] = field(default_factory=list)  # why, person, movement
    unmatched: list[UnmatchedLine] = field(default_factory=list)
    known_count: int = 0
    answers: PayoutMatches = field(default_factory=PayoutMatches)

    @property
    def new(self) -> int:
        """Number of lines that a press would store, besides deposits."""
        return len(self.waiting) + sum(step.answer.line is not None for step in self.answers.steps)


def deposit_key(credit: Credit) -> str:
    """Return the key of a credit: the account and the bank's own reference, the same in a statement and in
    an advice."""
    return f"{credit.source}:" + sha256(f"{credit.account}\n{credit.number}".encode()).hexdigest()[:32]


def match_statement_lines(act: Act, message: BankMessage) -> StatementMatches:
    """Match every line of a message. Records nothing."""
    unit, currency, matches = act.unit, act.house.terms.currency, StatementMatches()
    own_keys = [deposit_key(credit) for credit in message.credits]
    for credit in message.credits:
        flaw, person = _judge_credit(unit, credit, currency, own_keys)
        booked = unit.ledger.is_posted(f"deposit:{deposit_key(credit)}")
        if credit.line is not None and unit.payouts.lines.is_known(credit.line.key) and (flaw or not booked):
            matches.known_count += 1
        elif flaw or person is None:
            _add_waiting(unit, matches, credit.line, flaw, person)
        else:
            matches.deposits.append((credit, person, booked))
    for line in message.other_lines:
        if unit.payouts.lines.is_known(line.key) or _are_parts_known(unit, line):
            matches.known_count += 1
        else:
            _add_waiting(
                unit, matches, line, "reversal" if line.reversal else "debit" if line.debit else "reference", None
            )
    matches.answers = match_answers(unit, message.answers)
    return matches


def _are_parts_known(unit: UnitOfWork, line: BankLine) -> bool:
    """Return whether another view reported the parts of this entry."""
    return line.amount > 0 and unit.payouts.lines.sum_of_entry(line) == line.amount


def _add_waiting(
    unit: UnitOfWork, matches: StatementMatches, line: BankLine | None, why: str, person: Person | None
) -> None:
    """Add a line that waits, with the movement recorded by hand that it may be; nothing without a line."""
    if line is None:
        return
    since = later(unit.now, -RECORDED_LATELY)
    movement = None
    if why in ("debit", "reference"):
        movement = unit.payouts.lines.find_recorded(line, since)
        why = why if movement is None else "typed"
    elif why == "typed" and person is not None:
        movement = unit.payouts.lines.find_deposit(line, requester_account(person), since)
    matches.waiting.append((line, why, person.id if person else None, movement))
    label = person.label if person else ""
    shown_line = bank_lines.preview_line(unit, line, why)
    matches.unmatched.append(replace(shown_line, party=f"{label} · {line.said}" if label else shown_line.party))


def sum_effects(matches: StatementMatches) -> dict[str, int]:
    """Return by currency what a press would add to the ledger's balance of the bank account."""
    effects = dict[str, int]()

    def add(currency: str, amount: int) -> None:
        effects[currency] = effects.get(currency, 0) + amount

    for credit, _, booked in matches.deposits:
        add(credit.currency, 0 if booked else credit.amount)
    for line, why, *_ in matches.waiting:
        add(line.currency, 0 if why in REASONS_NOT_POSTED else _signed_amount(line))
    for step in matches.answers.steps:
        for payout in step.payouts:
            was_paid = payout.state == "paid"
            add(payout.currency, -payout.net if step.answer.paid else payout.net if was_paid else 0)
        for _, payout in step.refused:
            add(payout.currency, -payout.net)
        if step.answer.line is not None and step.why and step.twin is None:
            add(step.answer.line.currency, _signed_amount(step.answer.line))
        if step.clears and step.answer.line is not None:
            add(step.answer.line.currency, step.answer.amount)
    return effects


def _signed_amount(line: BankLine) -> int:
    return -line.amount if line.debit else line.amount


def _judge_credit(
    unit: UnitOfWork, credit: Credit, currency: str, own_keys: Container[str]
) -> tuple[str, Person | None]:
    """Return why a credit cannot be booked (empty if it can), and whose it is; `own_keys` are the keys of the file."""
    unknown = "slip" if REFERENCE_PREFIX in "".join(credit.said.upper().split()) else "reference"
    person = None if credit.person is None else unit.people.find(credit.person)
    if person is not None and deposits.has_left(unit, person):
        person = None
    if credit.flaw or credit.person is None:
        return unknown if credit.flaw in ("", "reference") else credit.flaw, person
    if credit.currency != currency:
        return "currency", person
    key = deposit_key(credit)
    booked_amount = unit.ledger.find_amount(f"deposit:{key}")
    if booked_amount not in (None, credit.amount):
        return "known", person
    if person is None:
        return unknown, None
    if booked_amount is None and _is_recorded_elsewhere(
        unit, person, amount=Millionths(credit.amount), currency=currency, key=key, own_keys=own_keys
    ):
        return "typed", person
    return "", person


def _is_recorded_elsewhere(
    unit: UnitOfWork, person: Person, amount: Millionths, currency: str, key: str, own_keys: Container[str]
) -> bool:
    """Return whether this sum was recorded for this person lately, typed or from another source. The key of a table's
    row changes with its columns and its caption: for it another table is another source, too."""
    recorded_keys = unit.ledger.list_deposit_keys(
        requester_account(person), amount, currency, later(unit.now, -RECORDED_LATELY)
    )
    other_keys = (other_key.removeprefix("deposit:") for other_key in recorded_keys)
    if key.startswith(ROW_KEY_PREFIX):
        return any(other_key not in own_keys for other_key in other_keys)
    source = key.partition(":")[0]
    return any(other_key.partition(":")[0] != source for other_key in other_keys)


JOURNEY = "bank_statement"
MAX_MEMO_CHARS = 140  # characters of a memo
LINES_PER_PAGE = 8  # lines on a page
_MESSAGE = TypeAdapter(BankMessage)


def require_admin(act: Act) -> None:
    """Raise NotAllowed unless the sender is an admin."""
    act.require("admin")


def preview_statement(act: Act, number: int, message: BankMessage) -> StatementRead:
    """Show what a bank's file would book, and keep it as a draft until the button is pressed; `number` tells this list
    from others. Raise NotAllowed unless the sender is an admin, StatementRefused for another account's file."""
    unit, iban = act.unit, act.house.payer.iban
    act.require("admin")
    named_accounts = {entry.account for entry in message.credits} | {
        entry.account for entry in message.answers if entry.account
    }
    accounts = named_accounts.union(message.accounts)
    if accounts and (not iban or accounts - {iban}):
        raise StatementRefused(why="account")
    _require_own_debtors(unit, message, iban)
    draft = {
        "statement": number,
        "currency": act.house.terms.currency,
        "said": _MESSAGE.dump_python(message, mode="json"),
    }
    unit.drafts.keep(act.person.id, JOURNEY, draft, unit.now)
    return _list_page(act, number, message, 0)


def turn_page(act: Act, statement: int, page: int) -> StatementRead:
    """Return another page of the list. Raise StatementRefused for an older list."""
    return _list_page(act, statement, _get_kept_message(act, statement), page)


def _list_page(act: Act, number: int, message: BankMessage, page: int) -> StatementRead:
    unit, currency, matches = act.unit, act.house.terms.currency, match_statement_lines(act, message)
    unclear, unmatched = matches.answers.unclear, matches.unmatched
    pages = max(1, -(-(len(unclear) + len(unmatched)) // LINES_PER_PAGE))
    page = min(max(0, page), pages - 1)
    start, end = page * LINES_PER_PAGE, (page + 1) * LINES_PER_PAGE
    unmatched_bounds = max(0, start - len(unclear)), max(0, end - len(unclear))
    return StatementRead(
        statement=number,
        currency=currency,
        deposits=tuple(
            StatementDeposit(person.label, credit.amount, requester_reference(person.id), booked)
            for credit, person, booked in matches.deposits
        ),
        unmatched=tuple(unmatched[unmatched_bounds[0] : unmatched_bounds[1]]),
        payouts=tuple(matches.answers.payouts),
        known=matches.known_count + matches.answers.known_count,
        unclear=tuple(unclear[start:end]),
        wise=message.wise,
        unclear_count=len(unclear),
        unmatched_count=len(unmatched),
        new=matches.new,
        page=page,
        pages=pages,
        balances=_reconcile(unit, message, sum_effects(matches)),
    )


def _require_own_debtors(unit: UnitOfWork, message: BankMessage, iban: str) -> None:
    """Raise StatementRefused for a report on files paid from accounts that are not ours: they may use our references.
    Ours are the account set now, and those that the files it answers were paid from."""
    files = (
        unit.payouts.find_file(entry) for entry in {entry.file for entry in message.answers if entry.file is not None}
    )
    own_accounts = {iban, *(file.payer_iban for file in files if file is not None)}
    for account, where in message.debtors.items():
        if account not in own_accounts:
            raise StatementRefused(why="debtor", what=mask_account(account), where=where)


def book_statement(act: Act, statement: int) -> StatementBooked:
    """Book the previewed list, matched anew, so that each line and answer counts once, however often the list or
    another file with it is booked. Raise StatementRefused for an older list."""
    unit, message = act.unit, _get_kept_message(act, statement)
    unit.drafts.drop(act.person.id)
    matches = match_statement_lines(act, message)
    amounts = _book_deposits(act, matches)
    waiting = 0
    for line, why, person, movement in matches.waiting:
        waiting += bank_lines.keep_waiting(unit, line, why, person=person, recorded=movement)
    paid, failed, unclear = record_steps(act, matches.answers.steps)
    return StatementBooked(
        count=len(amounts),
        amount=sum(amounts),
        currency=act.house.terms.currency,
        before=matches.known_count + matches.answers.known_count + len(matches.deposits) - len(amounts),
        paid=paid,
        failed=failed,
        waiting=waiting + unclear,
        open=unit.payouts.lines.count_waiting(),
        balances=_reconcile(unit, message, {}),
    )


def _book_deposits(act: Act, matches: StatementMatches) -> list[int]:
    """Book the deposits that are not booked yet, and return their amounts."""
    amounts = list[int]()
    for credit, person, booked in matches.deposits:
        transfer, amount = None, Millionths(credit.amount)
        if not booked:
            memo = f"{requester_reference(person.id)} {credit.number}"[:MAX_MEMO_CHARS]
            transfer = deposits.post_deposit(
                act, person, amount=amount, currency=act.house.terms.currency, key=deposit_key(credit), memo=memo
            )
            amounts.append(amount)
        if credit.line is not None:
            act.unit.payouts.lines.add(credit.line, person=person.id, transfer=transfer)
    return amounts


def _get_kept_message(act: Act, statement: int) -> BankMessage:
    """Return the message of the list of this number. Raise StatementRefused for an older list, and one in another
    currency."""
    draft, currency = act.unit.drafts.find(act.person.id), act.house.terms.currency
    if draft is None or draft.journey != JOURNEY or draft.fields["statement"] != statement:
        raise StatementRefused(why="old")
    if draft.fields.get("currency", currency) != currency or "said" not in draft.fields:
        raise StatementRefused(why="old")
    return _MESSAGE.validate_python(draft.fields["said"])


def _reconcile(unit: UnitOfWork, message: BankMessage, effect: dict[str, int]) -> tuple[Reconciled, ...]:
    """Return the balances of a statement beside the ledger's: of each currency the first opening and the last closing
    one."""
    reconciled = dict[str, Reconciled]()
    for statement_balance in sorted(message.balances, key=lambda balance: balance.day):
        opening = (
            reconciled[statement_balance.currency].opening
            if statement_balance.currency in reconciled
            else statement_balance.opening
        )
        booked = effect.get(statement_balance.currency, 0) - unit.ledger.balance(BANK, statement_balance.currency)
        reconciled[statement_balance.currency] = Reconciled(
            statement_balance.currency, opening, statement_balance.closing, statement_balance.day, booked
        )
    return tuple(reconciled.values())
