"""What follows from each of the bank's answers about payouts, in the order of its message. Records nothing."""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from pydantic import TypeAdapter

from domain.moments import DAY, later
from domain.money.amounts import Millionths
from domain.money.bank_statements import (
    NOT_POSTED,
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
from formats.bank.iban import OWN, of_person
from formats.bank.statements import Credit, PaymentAnswer
from services.act import Act
from services.money import bank_lines, deposits, settlement
from storage.unit import UnitOfWork


class _Unmatched(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from one answer. `payouts` become `state`; its line is kept with `why` it waits, or empty. `clears`
    is the key of a line that waited and has come back; `twin` the line of another view that is the same; `refused` are
    payouts of a sum that were debited though they had failed, each with its part of the line."""

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


class Matcher:
    """Follows a message: what its earlier answers would change counts for the later ones."""

    def __init__(self, unit: UnitOfWork) -> None:
        self.unit = unit
        self.states = dict[PayoutId, PayoutState]()
        self.newly_paid = Counter[int]()
        self.lines = Counter[tuple[int, bool, str]]()
        self.files = Counter[tuple[int, str]]()
        self.waiting = list[tuple[str, int, int]]()  # key, payout, amount of debits
        self.cleared = set[str]()
        self.twins = set[int]()

    def take(self, answer: PaymentAnswer) -> Step:
        """Return what follows from the answer, and count it."""
        try:
            step = self._file(answer) if answer.payout is None else self._payout(answer)
        except _Unmatched as flaw:
            step = self._unmatched(answer, flaw.why)
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

    def _unmatched(self, answer: PaymentAnswer, why: str) -> Step:
        unit, line = self.unit, answer.line
        payout = None if answer.payout is None else unit.payouts.find(answer.payout)
        file = None if answer.file is None or answer.payout is not None else unit.payouts.find_file(answer.file)
        step = Step(answer, (), why, payout.id if payout else None, file.id if file else None)
        if line is None:
            return step
        twin = self._take_twin(line, step.payout, step.file)
        if twin is not None:
            return Step(answer, (), why, step.payout, step.file, twin=twin)
        if step.payout is not None and line.debit:
            self.waiting.append((line.key, step.payout, line.amount))
        return step

    def _payout(self, answer: PaymentAnswer) -> Step:
        """Raises _Unmatched."""
        payout = self.unit.payouts.find(answer.payout or 0)
        if payout is None:
            raise _Unmatched("unknown")
        if payout.file is None:
            raise _Unmatched("failed" if payout.is_called_off else "waiting")
        channel = self.unit.payouts.get_file(payout.file).channel
        if answer.file not in (None, payout.file) or channel != answer.channel:
            raise _Unmatched("file")
        self._check(payout.file, answer, {int(payout.net)}, payout.currency)
        if answer.line is None:
            return Step(answer, (payout,) if self._changes(payout, answer) else (), payout=payout.id)
        if not answer.paid and (twin := self._take_twin(answer.line, payout.id, None)) is not None:
            return Step(answer, payout=payout.id, twin=twin)
        changes = self._debited(payout, answer.line) if answer.paid else self._returned(payout, answer.line)
        if isinstance(changes, str):
            return Step(answer, payout=payout.id, clears=changes)
        return Step(answer, (payout,) if changes else (), payout=payout.id)

    def _debited(self, payout: Payout, line: BankLine) -> bool:
        """Whether this debit is what pays the payout; False where it is the one of a payment recorded before. Raises
        _Unmatched for a second one."""
        seen, state = self._seen(payout, line), self._state(payout)
        if state in UNDECIDED_STATES and not seen:
            return True
        if state is PayoutState.FAILED:
            back = self.unit.payouts.lines.count_of_payout(payout.id, False, line.view)
            expected = max(self._times_paid(payout), back + self.lines[payout.id, False, line.view])
        else:
            expected = max(1, self._times_paid(payout))
        if seen >= expected:
            raise _Unmatched("failed" if state is PayoutState.FAILED and not seen else "twice")
        return False

    def _returned(self, payout: Payout, line: BankLine) -> bool | str:
        """Whether this credit brings the payout back; the key of the waiting debit that it takes back instead; False
        where its return was recorded before. Raises _Unmatched for a second one."""
        if (key := self._outstanding(payout)) is not None:
            return key
        if may_become(self._state(payout), PayoutState.FAILED):
            if is_payout_handed_on(self.unit, payout, PayoutState.FAILED):
                raise _Unmatched("handed")
            return True
        bounced = self.unit.payouts.count_movements("bounced", payout.id)
        if self._seen(payout, line) >= max(1, bounced):
            raise _Unmatched("twice")
        return False

    def _take_twin(self, line: BankLine, payout: int | None, file: int | None) -> int | None:
        """The line of another view that is the same movement and did not fit either, once; None without one."""
        twin = None if payout is None and file is None else self.unit.payouts.lines.find_twin(line, payout, file)
        if twin is None or twin in self.twins:
            return None
        self.twins.add(twin)
        return twin

    def _outstanding(self, payout: Payout) -> str | None:
        kept = self.unit.payouts.lines.list_waiting_debits(payout.id)
        keys = [each.key for each in kept if each.amount == payout.net]
        keys += [key for key, number, amount in self.waiting if (number, amount) == (payout.id, payout.net)]
        left = next((key for key in keys if key not in self.cleared), None)
        if left is not None:
            self.cleared.add(left)
        return left

    def _file(self, answer: PaymentAnswer) -> Step:
        """All of a file that have no answer yet: together they are the sum that the bank names. Raises _Unmatched."""
        file = self.unit.payouts.find_file(answer.file or 0)
        if file is None or file.channel != answer.channel:
            raise _Unmatched("unknown")
        payouts, line = self.unit.payouts.list_in_file(file.id), answer.line
        left = [each for each in payouts if self._state(each) in UNDECIDED_STATES and each.id not in answer.apart]
        if line is None:
            if not left:
                return Step(answer, file=file.id)
            self._check(file.id, answer, {_sum(left), _sum(payouts)}, file.currency)
            return Step(answer, tuple(left), file=file.id)
        seen = self.files[file.id, line.view] + self.unit.payouts.lines.count_of_file(file.id, line.view)
        alone = [each for each in payouts if not self._seen(each, line)]
        # What the bank refused is debited with the rest, and comes back, or it is not debited.
        failed = [each for each in alone if self._state(each) is PayoutState.FAILED and not self._times_paid(each)]
        rest = [each for each in alone if each not in failed]
        self._check(file.id, answer, {_sum(payouts), _sum(alone), _sum(rest)}, file.currency)
        if seen or not alone or answer.amount not in (_sum(alone), _sum(rest)):
            raise _Unmatched("twice")
        debited = failed if answer.amount == _sum(alone) else []
        refused = tuple((part_of(line, each), each) for each in debited)
        return Step(answer, tuple(left), file=file.id, refused=refused)

    def _seen(self, payout: Payout, line: BankLine) -> int:
        """How many lines of this view are this payout's, alone or within its file's sum."""
        bank, key = self.unit.payouts.lines, (payout.id, line.debit, line.view)
        seen = bank.count_of_payout(*key) + self.lines[key]
        if line.debit and payout.file is not None:
            seen += bank.count_of_file(payout.file, line.view) + self.files[payout.file, line.view]
        return seen

    def _state(self, payout: Payout) -> PayoutState:
        return self.states.get(payout.id, payout.state)

    def _times_paid(self, payout: Payout) -> int:
        return self.unit.payouts.count_movements("paid", payout.id) + self.newly_paid[payout.id]

    def _check(self, file: BankFileId, answer: PaymentAnswer, amounts: set[int], currency: str) -> None:
        """Raises _Unmatched for a payment from another account, and one of another amount or currency."""
        if answer.account not in ("", self.unit.payouts.get_file(file).payer_iban):
            raise _Unmatched("account")
        is_named = answer.amount or answer.account or answer.channel != Channel.SEPA  # a bank may leave the amount out
        # A report names the sum of a file without its currency.
        named = answer.currency or (not answer.account and currency)
        if is_named and (answer.amount not in amounts or named != currency):
            raise _Unmatched("amount")

    def _changes(self, payout: Payout, answer: PaymentAnswer) -> bool:
        """Whether a report's answer is news. Raises _Unmatched."""
        now = self._state(payout)
        wanted = PayoutState.PAID if answer.paid else PayoutState.FAILED
        if now is wanted or (now is PayoutState.FAILED and self._times_paid(payout)):
            return False
        if not may_become(now, wanted):
            raise _Unmatched("failed")
        if is_payout_handed_on(self.unit, payout, wanted):
            raise _Unmatched("handed")
        return True


def _sum(payouts: Sequence[Payout]) -> int:
    return sum(each.net for each in payouts)


def may_become(now: PayoutState, wanted: PayoutState) -> bool:
    """Banks send money back days after they have paid it. What was recorded as failed an admin records as paid."""
    return now in UNDECIDED_STATES or (now is PayoutState.PAID and wanted is PayoutState.FAILED)


def is_payout_handed_on(unit: UnitOfWork, payout: Payout, wanted: PayoutState) -> bool:
    return wanted is PayoutState.FAILED and settlement.is_handed_on(unit, payout)


def part_of(line: BankLine, payout: Payout) -> BankLine:
    """Return the part of a sum's line that is one payout's."""
    return bank_lines.make_part(line, f"PAYOUT-{payout.id}", payout.net)


CLEARS, TWIN = "clears", "twin"  # of matched lines: it takes back one that waits; another view's line is the same


@dataclass(slots=True)
class Matched:
    """What would be recorded, in the order of the bank's message, and what would not."""

    found: list[StatementPayout] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    known: int = 0
    unclear: list[UnmatchedLine] = field(default_factory=list)


def match(unit: UnitOfWork, answers: Sequence[PaymentAnswer]) -> Matched:
    """Records nothing."""
    matched, matcher = Matched(), Matcher(unit)
    for answer in answers:
        if answer.line is not None and unit.payouts.lines.is_known(answer.line.key):
            matched.known += 1
            continue
        step = matcher.take(answer)
        matched.steps.append(step)
        if step.why and step.twin is None:
            matched.unclear.append(unmatched(unit, step))
        elif not step.payouts and not step.clears and not step.refused:
            matched.known += not answer.apart  # those apart are counted one by one
        for payout in step.payouts:
            matched.found.append(_shown(unit, payout, answer))
        if step.clears and step.payout is not None:
            matched.found.append(_shown(unit, unit.payouts.get(step.payout), answer, CLEARS))
        for line, payout in step.refused:
            matched.unclear.append(bank_lines.preview_line(unit, line, "refused", payout.id))
    return matched


def record(act: Act, steps: Sequence[Step]) -> tuple[int, int, int]:
    """(paid, failed, lines that wait)."""
    paid, failed, waiting = 0, 0, 0
    for step in steps:
        answer, line = step.answer, step.answer.line
        reason = "" if answer.paid else reason_of(answer.code, answer.general)
        for payout in step.payouts:
            current = act.unit.payouts.get(payout.id)
            if not may_become(current.state, step.state) or is_payout_handed_on(act.unit, current, step.state):
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
        why = TWIN if step.twin is not None else CLEARS if step.clears else ""
        act.unit.payouts.lines.add(line, why=why, twin=step.twin, payout=step.payout, file=step.file)
        for part, payout in step.refused:
            waiting += bank_lines.keep_waiting(act.unit, part, "refused", payout=payout.id, file=step.file)
    return paid, failed, waiting


def unmatched(unit: UnitOfWork, step: Step) -> UnmatchedLine:
    """Return the answer as it is shown to a person, who decides."""
    answer, number = step.answer, step.answer.payout
    if answer.line is not None:
        return bank_lines.preview_line(unit, answer.line, step.why, number, answer.file if number is None else None)
    money = (answer.amount, answer.currency, answer.paid)
    file = answer.file if number is None else None
    return UnmatchedLine(step.why, *money, party=bank_lines.payout_label(unit, number), payout=number, file=file)


def _shown(unit: UnitOfWork, payout: Payout, answer: PaymentAnswer, reason: str = "") -> StatementPayout:
    reason = reason or ("" if answer.paid else reason_of(answer.code, answer.general))
    who = unit.people.get(payout.worker).label
    return StatementPayout(payout.id, who, payout.net, payout.currency, answer.paid, reason)


TYPED = 60 * DAY  # a movement of the same sum from elsewhere within this time may be this one: typed, or a table's row
ROW = "row:"  # begins the key of one from a table


@dataclass(slots=True)
class Found:
    """What a bank's file says, beside what is in the book: nothing of it is booked yet."""

    deposits: list[tuple[Credit, Person, bool]] = field(default_factory=list)  # booked before or not
    waiting: list[tuple[BankLine, str, int | None, int | None]] = field(default_factory=list)  # why, person, movement
    unmatched: list[UnmatchedLine] = field(default_factory=list)
    known: int = 0
    answers: Matched = field(default_factory=Matched)

    @property
    def new(self) -> int:
        """How many lines a press would keep, beside deposits."""
        return len(self.waiting) + sum(step.answer.line is not None for step in self.answers.steps)


def key_of(credit: Credit) -> str:
    """The account and the bank's own reference: the same in a statement and in an advice."""
    return f"{credit.source}:" + sha256(f"{credit.account}\n{credit.number}".encode()).hexdigest()[:32]


def match_statement_lines(act: Act, said: BankMessage) -> Found:
    """What would become of each line. Records nothing."""
    unit, currency, found = act.unit, act.house.terms.currency, Found()
    own = [key_of(credit) for credit in said.credits]
    for credit in said.credits:
        flaw, person = _judge(unit, credit, currency, own)
        booked = unit.ledger.is_posted(f"deposit:{key_of(credit)}")
        if credit.line is not None and unit.payouts.lines.is_known(credit.line.key) and (flaw or not booked):
            found.known += 1
        elif flaw or person is None:
            _wait(unit, found, credit.line, flaw, person)
        else:
            found.deposits.append((credit, person, booked))
    for line in said.others:
        if unit.payouts.lines.is_known(line.key) or _is_told(unit, line):
            found.known += 1
        else:
            _wait(unit, found, line, "reversal" if line.reversal else "debit" if line.debit else "reference", None)
    found.answers = match(unit, said.answers)
    return found


def _is_told(unit: UnitOfWork, line: BankLine) -> bool:
    """Whether another view told of the parts of this entry."""
    return line.amount > 0 and unit.payouts.lines.sum_of_entry(line) == line.amount


def _wait(unit: UnitOfWork, found: Found, line: BankLine | None, why: str, person: Person | None) -> None:
    if line is None:
        return
    since = later(unit.now, -TYPED)
    movement = None
    if why in ("debit", "reference"):
        movement = unit.payouts.lines.find_recorded(line, since)
        why = why if movement is None else "typed"
    elif why == "typed" and person is not None:
        movement = unit.payouts.lines.find_deposit(line, requester_account(person), since)
    found.waiting.append((line, why, person.id if person else None, movement))
    label = person.label if person else ""
    shown = bank_lines.preview_line(unit, line, why)
    found.unmatched.append(replace(shown, party=f"{label} · {line.said}" if label else shown.party))


def effect_of(found: Found) -> dict[str, int]:
    """What a press would add to what the ledger says is on the bank's account, by currency."""
    moved = dict[str, int]()

    def add(currency: str, amount: int) -> None:
        moved[currency] = moved.get(currency, 0) + amount

    for credit, _, booked in found.deposits:
        add(credit.currency, 0 if booked else credit.amount)
    for line, why, *_ in found.waiting:
        add(line.currency, 0 if why in NOT_POSTED else _signed(line))
    for step in found.answers.steps:
        for payout in step.payouts:
            was_paid = payout.state == "paid"
            add(payout.currency, -payout.net if step.answer.paid else payout.net if was_paid else 0)
        for _, payout in step.refused:
            add(payout.currency, -payout.net)
        if step.answer.line is not None and step.why and step.twin is None:
            add(step.answer.line.currency, _signed(step.answer.line))
        if step.clears and step.answer.line is not None:
            add(step.answer.line.currency, step.answer.amount)
    return moved


def _signed(line: BankLine) -> int:
    return -line.amount if line.debit else line.amount


def _judge(unit: UnitOfWork, credit: Credit, currency: str, own: Container[str]) -> tuple[str, Person | None]:
    """Why it can't be booked, empty where it can, and whose it is; `own` are the keys of the file."""
    unknown = "slip" if OWN in "".join(credit.said.upper().split()) else "reference"
    person = None if credit.person is None else unit.people.find(credit.person)
    if person is not None and deposits.has_left(unit, person):
        person = None
    if credit.flaw or credit.person is None:
        return unknown if credit.flaw in ("", "reference") else credit.flaw, person
    if credit.currency != currency:
        return "currency", person
    key = key_of(credit)
    booked = unit.ledger.find_amount(f"deposit:{key}")
    if booked not in (None, credit.amount):
        return "known", person
    if person is None:
        return unknown, None
    if booked is None and _elsewhere(unit, person, Millionths(credit.amount), currency, key, own):
        return "typed", person
    return "", person


def _elsewhere(
    unit: UnitOfWork, person: Person, amount: Millionths, currency: str, key: str, own: Container[str]
) -> bool:
    """Whether this sum was recorded for them lately, typed or from another source. What a table's row is known by
    changes with its columns and its caption: for it another table is another source, too."""
    recorded = unit.ledger.list_deposit_keys(requester_account(person), amount, currency, later(unit.now, -TYPED))
    others = (each.removeprefix("deposit:") for each in recorded)
    if key.startswith(ROW):
        return any(each not in own for each in others)
    source = key.partition(":")[0]
    return any(each.partition(":")[0] != source for each in others)


JOURNEY = "bank_statement"
LONGEST = 140  # characters of a memo
LISTED_LINES = 8  # lines on a page
_MESSAGE = TypeAdapter(BankMessage)


def check(act: Act) -> None:
    """Raises NotAllowed for who is no admin."""
    act.require("admin")


def read(act: Act, number: int, said: BankMessage) -> StatementRead:
    """Books nothing: what the file says is kept until the button is pressed. The number tells this list from others."""
    unit, iban = act.unit, act.house.payer.iban
    act.require("admin")
    named = {each.account for each in said.credits} | {each.account for each in said.answers if each.account}
    accounts = named.union(said.accounts)
    if accounts and (not iban or accounts - {iban}):
        raise StatementRefused(why="account")
    _check_debtors(unit, said, iban)
    draft = {"statement": number, "currency": act.house.terms.currency, "said": _MESSAGE.dump_python(said, mode="json")}
    unit.drafts.keep(act.person.id, JOURNEY, draft, unit.now)
    return _listed(act, number, said, 0)


def turn(act: Act, statement: int, page: int) -> StatementRead:
    """Another page of the list. Raises StatementRefused for an older list."""
    return _listed(act, statement, _kept(act, statement), page)


def _listed(act: Act, number: int, said: BankMessage, page: int) -> StatementRead:
    unit, currency, found = act.unit, act.house.terms.currency, match_statement_lines(act, said)
    unclear, unmatched = found.answers.unclear, found.unmatched
    pages = max(1, -(-(len(unclear) + len(unmatched)) // LISTED_LINES))
    page = min(max(0, page), pages - 1)
    first, last = page * LISTED_LINES, (page + 1) * LISTED_LINES
    before = max(0, first - len(unclear)), max(0, last - len(unclear))
    return StatementRead(
        statement=number,
        currency=currency,
        deposits=tuple(
            StatementDeposit(person.label, credit.amount, of_person(person.id), booked)
            for credit, person, booked in found.deposits
        ),
        unmatched=tuple(unmatched[before[0] : before[1]]),
        payouts=tuple(found.answers.found),
        known=found.known + found.answers.known,
        unclear=tuple(unclear[first:last]),
        wise=said.wise,
        unclear_count=len(unclear),
        unmatched_count=len(unmatched),
        new=found.new,
        page=page,
        pages=pages,
        balances=_reconciled(unit, said, effect_of(found)),
    )


def _check_debtors(unit: UnitOfWork, said: BankMessage, iban: str) -> None:
    """A report on somebody else's file may use our references. Ours are the account set now, and those that the files
    it answers were paid from."""
    files = (unit.payouts.find_file(each) for each in {each.file for each in said.answers if each.file is not None})
    own = {iban, *(file.payer_iban for file in files if file is not None)}
    for account, where in said.debtors.items():
        if account not in own:
            raise StatementRefused(why="debtor", what=mask_account(account), where=where)


def book(act: Act, statement: int) -> StatementBooked:
    """Each line and each answer once, however often the list or another file with it is booked, matched anew: what was
    recorded since the list was made is not recorded again."""
    unit, said = act.unit, _kept(act, statement)
    unit.drafts.drop(act.person.id)
    found = match_statement_lines(act, said)
    amounts = _deposit(act, found)
    waiting = 0
    for line, why, whose, movement in found.waiting:
        waiting += bank_lines.keep_waiting(unit, line, why, person=whose, recorded=movement)
    paid, failed, unclear = record(act, found.answers.steps)
    return StatementBooked(
        count=len(amounts),
        amount=sum(amounts),
        currency=act.house.terms.currency,
        before=found.known + found.answers.known + len(found.deposits) - len(amounts),
        paid=paid,
        failed=failed,
        waiting=waiting + unclear,
        open=unit.payouts.lines.count_waiting(),
        balances=_reconciled(unit, said, {}),
    )


def _deposit(act: Act, found: Found) -> list[int]:
    """Book the deposits that are not booked yet; their amounts."""
    amounts = list[int]()
    for credit, person, booked in found.deposits:
        transfer, amount = None, Millionths(credit.amount)
        if not booked:
            memo = f"{of_person(person.id)} {credit.number}"[:LONGEST]
            transfer = deposits.post_deposit(act, person, amount, act.house.terms.currency, key_of(credit), memo)
            amounts.append(amount)
        if credit.line is not None:
            act.unit.payouts.lines.add(credit.line, person=person.id, transfer=transfer)
    return amounts


def _kept(act: Act, statement: int) -> BankMessage:
    """What the list of this number says. Raises StatementRefused for an older one, and one in another currency."""
    draft, currency = act.unit.drafts.of(act.person.id), act.house.terms.currency
    if draft is None or draft.journey != JOURNEY or draft.kept["statement"] != statement:
        raise StatementRefused(why="old")
    if draft.kept.get("currency", currency) != currency or "said" not in draft.kept:
        raise StatementRefused(why="old")
    return _MESSAGE.validate_python(draft.kept["said"])


def _reconciled(unit: UnitOfWork, said: BankMessage, effect: dict[str, int]) -> tuple[Reconciled, ...]:
    """The balances of a statement beside the book: of each currency the first opening and the last closing one."""
    found = dict[str, Reconciled]()
    for each in sorted(said.balances, key=lambda balance: balance.day):
        opening = found[each.currency].opening if each.currency in found else each.opening
        booked = effect.get(each.currency, 0) - unit.ledger.balance(BANK, each.currency)
        found[each.currency] = Reconciled(each.currency, opening, each.closing, each.day, booked)
    return tuple(found.values())
