"""Urssaf's monthly file of rates, as CSV: `siret;month;rate`. A file with any bad row is read as none of it."""

import csv
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from domain.money.contributions import ContributionRate
from domain.money.payouts import MOST_WITHHELD
from formats.taxes.numbers import TaxNumberProblem, read_siret

LARGEST = 20_000_000  # bytes
COLUMNS = ("siret", "month", "rate")
SHOWN = 50  # flaws that are named
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class RateFlaw:
    """What is wrong in a line; the value is not repeated."""

    line: int
    column: str
    expected: str


class RatesRefused(Exception):
    def __init__(self, flaws: list[RateFlaw]) -> None:
        super().__init__(f"{len(flaws)} flaws")
        self.flaws = flaws


def read_rates(content: bytes) -> list[ContributionRate]:
    """Raises RatesRefused."""
    rows = _rows(content)
    found: dict[tuple[str, str], int] = {}
    flaws: list[RateFlaw] = []
    for line, row in rows:
        rate, bad = _rate(line, row)
        flaws += bad
        if rate is None:
            continue
        if found.setdefault((rate.siret, rate.month), rate.rate) != rate.rate:
            flaws.append(RateFlaw(line, "rate", "one rate for a SIRET and month"))
        if len(flaws) >= SHOWN:
            break
    if flaws:
        raise RatesRefused(flaws[:SHOWN])
    return [ContributionRate(siret, month, rate) for (siret, month), rate in found.items()]


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """With the number of each line. Raises RatesRefused."""
    whole = [RateFlaw(1, "file", f"UTF-8 of at most {LARGEST // 1_000_000} MB with the columns {', '.join(COLUMNS)}")]
    if len(content) > LARGEST:
        raise RatesRefused(whole)
    try:
        text = content.decode("utf-8-sig")
        head = text.partition("\n")[0]
        reader = csv.DictReader(StringIO(text), delimiter=max(";,\t", key=head.count), strict=True)
        names = {name: name.strip().lower() for name in reader.fieldnames or () if name}
        if sorted(names.values()) != sorted(COLUMNS) or len(reader.fieldnames or ()) != len(COLUMNS):
            raise RatesRefused(whole)
        found = [(reader.line_num, _named(row, names)) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise RatesRefused(whole) from None
    if not found:
        raise RatesRefused([RateFlaw(2, "siret", "a rate at least: no month has none")])
    return found


def _named(row: dict[str | Any, str | Any], names: dict[str, str]) -> dict[str, str]:
    """A row with more values than columns (`…,21,2`) has no rate: which of them it is cannot be known."""
    found = {names[k]: v or "" for k, v in row.items() if k in names}
    return {**found, "rate": ""} if None in row else found


def _rate(line: int, row: dict[str, str]) -> tuple[ContributionRate | None, list[RateFlaw]]:
    siret, rate, flaws = _siret(row["siret"]), _basis_points(row["rate"]), []
    month = row["month"].strip()
    if siret is None:
        flaws.append(RateFlaw(line, "siret", "a SIRET of 14 digits"))
    if not _MONTH.fullmatch(month):
        flaws.append(RateFlaw(line, "month", "a month such as 2027-01"))
    if rate is None:
        flaws.append(RateFlaw(line, "rate", f"a percentage from 0 to {MOST_WITHHELD // 100}, two decimals at most"))
    if flaws or siret is None or rate is None:
        return None, flaws
    return ContributionRate(siret, month, rate), []


def _siret(text: str) -> str | None:
    try:
        return read_siret(text)
    except TaxNumberProblem:
        return None


def _basis_points(text: str) -> int | None:
    """21.2, 21,2 or 21.2 % in hundredths of a percent."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        points = Decimal(plain) * 100 if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", plain) else None
    except InvalidOperation:
        points = None
    if points is None or points != points.to_integral_value() or not 0 <= points <= MOST_WITHHELD:
        return None
    return int(points)
