"""The wage floor of a country: a dated table of legal hourly minimum wages and of what a self-employed worker pays of
them. In France the net minimum must be left; elsewhere the gross one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

CENT = Decimal("0.01")
OLD = timedelta(days=183)  # most countries change their minimum wage once or twice a year


@dataclass(frozen=True, slots=True)
class LegalMinimum:
    """From `since` on. `gross` an hour is the legal minimum wage, `net` what an employee keeps of it (None where that
    differs from person to person), `contributions` the share a self-employed worker pays, of which the source is the
    same. `reading` is what of the row we concluded ourselves, and when: neither law nor advice."""

    since: date
    gross: Decimal
    net: Decimal | None
    contributions: Decimal
    source: str
    reading: str

    @property
    def wage(self) -> Decimal:
        """What shall be left of an hour."""
        return self.gross if self.net is None else self.net

    @property
    def floor(self) -> Decimal:
        """What must be paid so that `wage` is left, rounded up to a cent."""
        return (self.wage / (1 - self.contributions)).quantize(CENT, ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Country:
    """`rows` by date, the newest last; it counts."""

    currency: str
    rows: tuple[LegalMinimum, ...]

    @property
    def floor(self) -> Decimal:
        return self.rows[-1].floor

    @property
    def since(self) -> date:
        return self.rows[-1].since


def is_old(since: date | None, today: date) -> bool:
    """Whether a floor of this day is to be looked up again; one that an operator set themselves has no day."""
    return since is not None and today - since > OLD


def _row(since: str, wages: tuple[str, str | None], contributions: str, source: str, reading: str) -> LegalMinimum:
    gross, net = wages
    kept = None if net is None else Decimal(net)
    return LegalMinimum(date.fromisoformat(since), Decimal(gross), kept, Decimal(contributions), source, reading)


# A country whose newest minimum is not known has no row: the Netherlands change theirs every January and July.
_SMIC = "SMIC; Urssaf, micro-entrepreneur (BNC, SSI) 25.6 % + training (CFP) 0.2 %"
_GROSS = "2026-11: what a self-employed worker pays of it differs from person to person: the gross wage is taken"
COUNTRIES: Mapping[str, Country] = {
    "FR": Country(
        "EUR",
        (
            _row("2026-01-01", ("12.02", "9.52"), "0.258", _SMIC, "2026-09: net rounded, as published in January"),
            _row(
                "2026-06-01",
                ("12.31", "9.74"),
                "0.258",
                _SMIC,
                "2026-09: net by January's ratio (0.7916, of the monthly sums); an official one for June was not found",
            ),
        ),
    ),
    "DE": Country("EUR", (_row("2026-01-01", ("13.90", None), "0", "Mindestlohn, MiLoV5", _GROSS),)),
    "GB": Country("GBP", (_row("2026-04-01", ("12.71", None), "0", "National Living Wage, from 21 years", _GROSS),)),
    "IE": Country("EUR", (_row("2026-01-01", ("14.15", None), "0", "National Minimum Wage, from 20 years", _GROSS),)),
    "US": Country("USD", (_row("2009-07-24", ("7.25", None), "0", "29 U.S.C. 206(a)(1), federal", _GROSS),)),
}
