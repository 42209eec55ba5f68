"""Reader of a bank's statement in SWIFT's MT940: the same booked lines as of camt.053.

Read by tags at the beginning of a line: `:25:` the account, `:60F:` and `:62F:` balances, `:61:` a line and `:86:` its
details, plain, with German subfields (`?20EREF+…`) or with codes between slashes (`/EREF/…`)."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from domain.money.bank_statements import StatementBalance
from formats.bank.camt import MAX_MESSAGE_BYTES, BankMessage, balance_millionths, to_bank_message
from formats.bank.statements import (
    MAX_ENTRIES,
    RETURN_CODE,
    BankEntry,
    Entries,
    Fields,
    StatementFlaw,
    flag_equal_numbers,
)

HEAD_BYTES = 4_096  # bytes that tell what a file is
MT940_SUFFIXES = (".sta", ".mt940", ".940", ".mta", ".fin")  # of files that banks write so
UNCLEAR_SUFFIXES = (".txt", ".dat", ".swi", "")  # and of files that may be anything
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\{1:[^\r\n]{0,200}\r?\n)?(?:[A-Z0-9]{8,12}\s+940\s[^:]{0,80})?:20:[^\n]{0,40}\n(?=(?s:.{0,200}?)\n?:25P?:)"
)


def is_mt940(head: bytes) -> bool:
    """Return whether a file with this beginning is a statement in MT940, with or without SWIFT's block before it."""
    return _BEGINNING.match(head) is not None


_TAG = re.compile(r":(\d{2}[A-Z]?):(.*)", re.DOTALL)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,12}(?:,\d{0,5})?)\s*")
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<sign>R?[CD])[A-Z]?(?P<amount>\d{1,15},\d{0,2})(?P<kind>[A-Z][A-Z0-9]{3})"
    r"(?P<customer>[^\n]*?)(?://(?P<bank>[^\n]*))?(?:\n.*)?",
    re.DOTALL,
)
_SUBFIELD = re.compile(r"\?(\d\d)")
_SEPA_CODE = re.compile(r"(EREF|KREF|MREF|CRED|SVWZ|ABWA|ABWE|IBAN|BIC)\+")
_SLASH_CODE = re.compile(r"/(EREF|REMI|NAME|PREF|MARF|CSID|IBAN|BIC|RTRN|ORDP|BENM|TRCD)/")
RETURN_KINDS = ("NRTI",)  # returned item
RETURN_CODES = ("159",)  # German business code of a credit transfer that came back


def read_mt940(place: BinaryIO, own: str) -> BankMessage:
    """Return the statement's lines. `own` is the IBAN they must be of: many banks write its bank code and number in
    its place. Raise StatementFlaw."""
    place.seek(0)
    raw = place.read(MAX_MESSAGE_BYTES + 1)
    if len(raw) > MAX_MESSAGE_BYTES:
        raise StatementFlaw("size")
    if not is_mt940(raw[:HEAD_BYTES]):
        raise StatementFlaw("kind")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeError:
        text = raw.decode("latin-1")
    statement = _StatementBuilder(own)
    for tag, value in _iter_fields(text):
        statement.add_field(tag, value)
    statement.close_line()
    entries = statement.entries
    entries.credits = flag_equal_numbers(entries.credits)
    return to_bank_message(entries, {})


def _iter_fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield each tag with its value, further lines included."""
    tag, lines = "", list[str]()
    for line in text.replace("\r\n", "\n").split("\n"):
        match = _TAG.fullmatch(line)
        if match or line.strip() in ("-", "-}"):
            if tag:
                yield tag, "\n".join(lines).rstrip()
            tag, lines = (match[1], [match[2]]) if match else ("", [])
        else:
            lines.append(line)
    if tag:
        yield tag, "\n".join(lines).rstrip()


class _StatementBuilder:
    """Builder of a statement's entries from its fields in their order."""

    def __init__(self, own: str) -> None:
        self.own = own
        self.account = ""
        self.currency = ""
        self.opening: int | None = None
        self.entry: Fields = {}
        self.part: Fields = {}
        self.entries = Entries()

    def add_field(self, tag: str, value: str) -> None:
        """Take a field in; a `:61:` or a closing balance ends the line before. Raise StatementFlaw if a field is
        malformed or there are too many lines."""
        if tag == "25":
            self.account = read_account(value, self.own)
        elif tag in ("60F", "60M"):
            self.currency, self.opening, _ = _read_balance(value)
        elif tag == "61":
            self.close_line()
            self._begin_line(value)
        elif tag == "86" and self.entry:
            self._describe(value)
        elif tag in ("62F", "62M"):
            self.close_line()
            currency, closing, day = _read_balance(value)
            self.entries.accounts.add(self.account)
            if self.opening is not None:
                self.entries.balances.append(StatementBalance(currency, self.opening, closing, day))
        if len(self.entries.credits) + len(self.entries.answers) + len(self.entries.other_lines) > MAX_ENTRIES:
            raise StatementFlaw("many")

    def close_line(self) -> None:
        """Add the line being read to the entries, if there is one."""
        if self.entry:
            self.entries.add(BankEntry(self.account, "statement", self.entry, [self.part]))
        self.entry, self.part = {}, {}

    def _begin_line(self, value: str) -> None:
        match = _LINE.fullmatch(value)
        if match is None:
            raise StatementFlaw("mt940", value.split("\n")[0][:40])
        sign = "DBIT" if match["sign"] in ("D", "RC") else "CRDT"
        customer = match["customer"].strip()
        self.entry = {
            "Sts": ["BOOK"],
            "Amt": [match["amount"].replace(",", ".").removesuffix(".")],
            "Amt/Ccy": [self.currency],
            "CdtDbtInd": [sign],
            "AcctSvcrRef": [(match["bank"] or "").strip()],
            "BookgDt/Dt": [_booking_day(match["value"], match["booked"])],
            "NtryRef": [customer],
        }
        if match["sign"].startswith("R"):
            self.entry["RvslInd"] = ["true"]
        self.part = {"Refs/EndToEndId": [customer]} if customer not in ("", "NONREF") else {}
        if match["kind"] in RETURN_KINDS:
            self.part["BkTxCd/Domn/Fmly/SubFmlyCd"] = [RETURN_CODE]

    def _describe(self, value: str) -> None:
        """Add what `:86:` says to the line: payer or payee, the payment's reference, the text, and whether the
        payment came back."""
        party, texts, code = _read_details(value)
        if texts.get("EREF"):
            self.part["Refs/EndToEndId"] = [texts["EREF"]]
        if code in RETURN_CODES or "RTRN" in texts:
            self.part["BkTxCd/Domn/Fmly/SubFmlyCd"] = [RETURN_CODE]
        side = "Cdtr" if self.entry["CdtDbtInd"] == ["DBIT"] else "Dbtr"
        self.part[f"RltdPties/{side}/Nm"] = [party]
        self.part["RmtInf/Ustrd"] = [texts.get("SVWZ") or texts.get("REMI") or texts.get("", "")]


def _read_details(field_text: str) -> tuple[str, dict[str, str], str]:
    """Return (party, texts by their code, business code) of `:86:`; the empty code is text without one."""
    flat = field_text.replace("\n", "")
    if match := re.match(r"(\d{3})\?", flat):
        pieces = _SUBFIELD.split(flat)
        fields = [(pieces[index], pieces[index + 1]) for index in range(1, len(pieces) - 1, 2)]
        text = "".join(value for number, value in fields if "20" <= number <= "29" or "60" <= number <= "63")
        party = "".join(value for number, value in fields if number in ("32", "33")).strip()
        return party, _split_by_code(_SEPA_CODE, text), match[1]
    texts = (
        _split_by_code(_SLASH_CODE, flat)
        if _SLASH_CODE.search(flat)
        else _split_by_code(_SEPA_CODE, field_text.replace("\n", " "))
    )
    return texts.get("NAME", ""), texts, ""


def _split_by_code(codes: re.Pattern[str], text: str) -> dict[str, str]:
    pieces = codes.split(text)
    texts = {"": pieces[0].strip()}
    for index in range(1, len(pieces) - 1, 2):
        texts.setdefault(pieces[index], pieces[index + 1].strip().rstrip("/"))
    return texts


def read_account(value: str, own: str) -> str:
    """Return `own` if `:25:` names it, as an IBAN or by bank code and number; else the field's letters and digits."""
    compact = re.sub(r"[^A-Z0-9/]", "", value.upper())
    beginning = compact[: len(own)]
    if own and beginning == own and compact[len(own) :] in ("", "EUR"):
        return own
    bank, _, number = compact.partition("/")
    digits = re.sub(r"[A-Z]{3}$", "", number)
    if own and bank and digits and own[4:] == bank + digits.zfill(len(own) - 4 - len(bank)):
        return own
    return compact.replace("/", "")


def _read_balance(value: str) -> tuple[str, int, str]:
    """Return (currency, amount in millionths, day). Raise StatementFlaw."""
    match = _BALANCE.fullmatch(value)
    if match is None:
        raise StatementFlaw("mt940", value[:40])
    amount = balance_millionths(match[4].replace(",", "."))
    return match[3], amount if match[1] == "C" else -amount, _day(match[2])


def _day(digits: str) -> str:
    return f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]}"


def _booking_day(value_date: str, booking_date: str | None) -> str:
    """Return the day of booking, whose year is the value date's, or the one next to it around New Year."""
    if booking_date is None:
        return _day(value_date)
    year = int(value_date[:2])
    if value_date[2:4] == "12" and booking_date[:2] == "01":
        year += 1
    elif value_date[2:4] == "01" and booking_date[:2] == "12":
        year -= 1
    return _day(f"{year:02}{booking_date}")
