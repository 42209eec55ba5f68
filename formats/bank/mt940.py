"""A bank's statement in SWIFT's MT940 → the same booked lines as of camt.053.

Read by tags at the beginning of a line: `:25:` the account, `:60F:` and `:62F:` balances, `:61:` a line and `:86:` its
details, plain, with German subfields (`?20EREF+…`) or with codes between slashes (`/EREF/…`).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from domain.money.bank_statements import StatementBalance
from formats.bank.camt import (
    LARGEST,
    BankMessage,
    balance_in,
    message_of,
)
from formats.bank.statements import (
    MOST,
    RETURNED,
    BankEntry,
    Entries,
    Fields,
    StatementFlaw,
    alone,
)

HEAD = 4_096  # bytes that tell what a file is
NAMES = (".sta", ".mt940", ".940", ".mta", ".fin")  # of files that banks write so
UNCLEAR = (".txt", ".dat", ".swi", "")  # and of files that may be anything
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:\{1:[^\r\n]{0,200}\r?\n)?(?:[A-Z0-9]{8,12}\s+940\s[^:]{0,80})?:20:[^\n]{0,40}\n(?=(?s:.{0,200}?)\n?:25P?:)"
)


def is_mt940(head: bytes) -> bool:
    """Whether a file that begins so is a statement in MT940, with or without SWIFT's block before it."""
    return _BEGINS.match(head) is not None


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
    its place. Raises StatementFlaw."""
    place.seek(0)
    raw = place.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise StatementFlaw("size")
    if not is_mt940(raw[:HEAD]):
        raise StatementFlaw("kind")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeError:
        text = raw.decode("latin-1")
    statement = _Statement(own)
    for tag, words in _fields(text):
        statement.take(tag, words)
    statement.close_line()
    entries = statement.entries
    entries.credits = alone(entries.credits)
    return message_of(entries, {})


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Each tag with its words, further lines included."""
    tag, kept = "", list[str]()
    for line in text.replace("\r\n", "\n").split("\n"):
        match = _TAG.fullmatch(line)
        if match or line.strip() in ("-", "-}"):
            if tag:
                yield tag, "\n".join(kept).rstrip()
            tag, kept = (match[1], [match[2]]) if match else ("", [])
        else:
            kept.append(line)
    if tag:
        yield tag, "\n".join(kept).rstrip()


class _Statement:
    def __init__(self, own: str) -> None:
        self.own = own
        self.account = ""
        self.currency = ""
        self.opening: int | None = None
        self.entry: Fields = {}
        self.part: Fields = {}
        self.entries = Entries()

    def take(self, tag: str, words: str) -> None:
        if tag == "25":
            self.account = account_in(words, self.own)
        elif tag in ("60F", "60M"):
            self.currency, self.opening, _ = _balance(words)
        elif tag == "61":
            self.close_line()
            self._begin_line(words)
        elif tag == "86" and self.entry:
            self._describe(words)
        elif tag in ("62F", "62M"):
            self.close_line()
            currency, closing, day = _balance(words)
            self.entries.accounts.add(self.account)
            if self.opening is not None:
                self.entries.balances.append(StatementBalance(currency, self.opening, closing, day))
        if len(self.entries.credits) + len(self.entries.answers) + len(self.entries.others) > MOST:
            raise StatementFlaw("many")

    def close_line(self) -> None:
        if self.entry:
            self.entries.add(BankEntry(self.account, "statement", self.entry, [self.part]))
        self.entry, self.part = {}, {}

    def _begin_line(self, words: str) -> None:
        match = _LINE.fullmatch(words)
        if match is None:
            raise StatementFlaw("mt940", words.split("\n")[0][:40])
        sign = "DBIT" if match["sign"] in ("D", "RC") else "CRDT"
        customer = match["customer"].strip()
        self.entry = {
            "Sts": ["BOOK"],
            "Amt": [match["amount"].replace(",", ".").removesuffix(".")],
            "Amt/Ccy": [self.currency],
            "CdtDbtInd": [sign],
            "AcctSvcrRef": [(match["bank"] or "").strip()],
            "BookgDt/Dt": [_booked_on(match["value"], match["booked"])],
            "NtryRef": [customer],
        }
        if match["sign"].startswith("R"):
            self.entry["RvslInd"] = ["true"]
        self.part = {"Refs/EndToEndId": [customer]} if customer not in ("", "NONREF") else {}
        if match["kind"] in RETURN_KINDS:
            self.part["BkTxCd/Domn/Fmly/SubFmlyCd"] = [RETURNED]

    def _describe(self, words: str) -> None:
        """Adds what `:86:` says: payer or payee, the payment's reference, the words, and whether it came back."""
        party, told, code = _details(words)
        if told.get("EREF"):
            self.part["Refs/EndToEndId"] = [told["EREF"]]
        if code in RETURN_CODES or "RTRN" in told:
            self.part["BkTxCd/Domn/Fmly/SubFmlyCd"] = [RETURNED]
        side = "Cdtr" if self.entry["CdtDbtInd"] == ["DBIT"] else "Dbtr"
        self.part[f"RltdPties/{side}/Nm"] = [party]
        self.part["RmtInf/Ustrd"] = [told.get("SVWZ") or told.get("REMI") or told.get("", "")]


def _details(words: str) -> tuple[str, dict[str, str], str]:
    """(party, texts by their code, business code) of `:86:`; the empty code is text without one."""
    flat = words.replace("\n", "")
    if match := re.match(r"(\d{3})\?", flat):
        pieces = _SUBFIELD.split(flat)
        fields = [(pieces[at], pieces[at + 1]) for at in range(1, len(pieces) - 1, 2)]
        text = "".join(value for number, value in fields if "20" <= number <= "29" or "60" <= number <= "63")
        party = "".join(value for number, value in fields if number in ("32", "33")).strip()
        return party, _coded(_SEPA_CODE, text), match[1]
    told = _coded(_SLASH_CODE, flat) if _SLASH_CODE.search(flat) else _coded(_SEPA_CODE, words.replace("\n", " "))
    return told.get("NAME", ""), told, ""


def _coded(codes: re.Pattern[str], text: str) -> dict[str, str]:
    pieces = codes.split(text)
    found = {"": pieces[0].strip()}
    for at in range(1, len(pieces) - 1, 2):
        found.setdefault(pieces[at], pieces[at + 1].strip().rstrip("/"))
    return found


def account_in(words: str, own: str) -> str:
    """`own` where `:25:` names it, as an IBAN or by bank code and number; else its words."""
    compact = re.sub(r"[^A-Z0-9/]", "", words.upper())
    named = compact[: len(own)]
    if own and named == own and compact[len(own) :] in ("", "EUR"):
        return own
    bank, _, number = compact.partition("/")
    digits = re.sub(r"[A-Z]{3}$", "", number)
    if own and bank and digits and own[4:] == bank + digits.zfill(len(own) - 4 - len(bank)):
        return own
    return compact.replace("/", "")


def _balance(words: str) -> tuple[str, int, str]:
    match = _BALANCE.fullmatch(words)
    if match is None:
        raise StatementFlaw("mt940", words[:40])
    amount = balance_in(match[4].replace(",", "."))
    return match[3], amount if match[1] == "C" else -amount, _day(match[2])


def _day(digits: str) -> str:
    return f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]}"


def _booked_on(value: str, booked: str | None) -> str:
    """The day of booking, whose year is the value date's, or the one next to it around New Year."""
    if booked is None:
        return _day(value)
    year = int(value[:2])
    if value[2:4] == "12" and booked[:2] == "01":
        year += 1
    elif value[2:4] == "01" and booked[:2] == "12":
        year -= 1
    return _day(f"{year:02}{booked}")
