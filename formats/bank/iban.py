"""A typed IBAN → its compact form, or the reason why it is invalid (ISO 13616; check digits ISO 7064)."""

import re
from dataclasses import dataclass

from stdnum import iban, numdb
from stdnum.exceptions import ValidationError

# Countries a SEPA credit transfer reaches: the European Payments Council's list of countries and territories.
_SEPA = (
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS "
    "SE SI SK SM VA"
)
SEPA = frozenset(_SEPA.split(" "))
_COUNTRIES = numdb.get("iban")
_PARTS = re.compile(r"([1-9][0-9]*)!")


@dataclass(frozen=True, slots=True)
class IbanProblem(Exception):
    """`what`: characters, country, sepa, length, checksum or bank; `wanted` and `found` are lengths, or zero."""

    what: str
    country: str = ""
    wanted: int = 0
    found: int = 0


def read_iban(text: str) -> str:
    """Raises IbanProblem. The typed text is in no error, so that it reaches no log and no message."""
    compact = iban.compact(text)
    country = compact[:2]
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", compact):
        raise IbanProblem("characters")
    wanted = length_for(country)
    if wanted is None:
        raise IbanProblem("country", country)
    if len(compact) != wanted:
        raise IbanProblem("length", country, wanted, len(compact))
    if int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 != 1:
        raise IbanProblem("checksum", country)
    if country not in SEPA:
        raise IbanProblem("sepa", country)
    try:
        return str(iban.validate(compact))
    except ValidationError:
        raise IbanProblem("bank", country) from None


def length_for(country: str) -> int | None:
    """How many characters this country's IBANs have; None where there are none."""
    known = _COUNTRIES.info(f"{country}00")[0][1].get("bban")
    return 4 + sum(map(int, _PARTS.findall(known))) if known else None
