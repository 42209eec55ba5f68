"""A bank's statement (camt.053) or advice (camt.054), ISO 20022 → its booked entries, and the balances before and
after."""

import re
from dataclasses import replace

from domain.money.bank_lines import StatementBalance
from formats.bank.credits import alone
from formats.bank.entries import BankEntry, Entries
from formats.bank.fields import MOST, Fields, Path, StatementFlaw, first, put
from formats.spreadsheets.workbook import Attributes

ENTRY, PART, BALANCE = ["Ntry"], ["Ntry", "NtryDtls", "TxDtls"], ["Bal"]
VIEWS = {"Stmt": "statement", "Ntfctn": "advice"}
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class Statement:
    """Collects the leaves of each entry by their path, those of its single transactions apart."""

    def __init__(self) -> None:
        self.account = ""
        self.entry: Fields = {}
        self.parts: list[Fields] = []
        self.inside: Fields | None = None
        self.balance: Fields = {}
        self.balances: list[tuple[str, str, int, str]] = []  # code, currency, amount, day
        self.entries = Entries()
        self.debtors: dict[str, str] = {}

    def began(self, path: Path, given: Attributes) -> None:
        if len(path) == 1:
            self.account, self.balances = "", []
        if path[1:] == ENTRY:
            self.entry, self.parts, self.inside = {}, [], None
        if path[1:] == PART:
            self.inside = {}
            self.parts.append(self.inside)
        if path[1:] == BALANCE:
            self.balance = {}
        if path[-1:] == ["Amt"]:
            self._keep([*path, "Ccy"], given.get("Ccy", ""))

    def ended(self, path: Path, words: str) -> None:
        if path[1:] == ["Acct", "Id", "IBAN"]:
            self.account = words
        if words:
            self._keep(path, words)
        if path[1:] == PART:
            self.inside = None
        if path[1:] == ENTRY and path[0] in VIEWS:
            self.entries.add(BankEntry(self.account, VIEWS[path[0]], self.entry, self.parts))
            self.entry, self.parts = {}, []
        if path[1:] == BALANCE:
            self._balanced()
        if path == ["Stmt"]:
            self._closed()
        found = self.entries
        if max(len(found.credits), len(found.answers), len(found.others), len(self.parts)) > MOST:
            raise StatementFlaw("many")

    def found(self) -> Entries:
        return replace(self.entries, credits=alone(self.entries.credits))

    def _balanced(self) -> None:
        code, amount = first(self.balance, "Tp/CdOrPrtry/Cd"), first(self.balance, "Amt")
        sign = -1 if first(self.balance, "CdtDbtInd") == "DBIT" else 1
        if code in (*OPENING, *CLOSING) and re.fullmatch(r"\d{1,12}(\.\d{1,5})?", amount):
            about = (first(self.balance, "Amt/Ccy"), sign * balance_in(amount))
            self.balances.append((code, *about, first(self.balance, "Dt/Dt", "Dt/DtTm")[:10]))

    def _closed(self) -> None:
        """Keeps a statement's balances where it names both."""
        opening = next((each for each in self.balances if each[0] in OPENING), None)
        closing = next((each for each in reversed(self.balances) if each[0] in CLOSING), None)
        if opening and closing and opening[1] == closing[1]:
            self.entries.accounts.add(self.account)
            self.entries.balances.append(StatementBalance(closing[1], opening[2], closing[2], closing[3]))

    def _keep(self, path: Path, words: str) -> None:
        if path[1:2] == ENTRY:
            into, at = (self.entry, 2) if self.inside is None else (self.inside, 4)
            put(into, path[at:], words)
        elif path[1:2] == BALANCE:
            put(self.balance, path[2:], words)


def balance_in(text: str) -> int:
    """Millionths of a bare decimal number; a balance may be zero."""
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(6, "0")[:6])
