"""A structured creditor reference (ISO 11649, `RF..`): banks carry it whole; its check digits show a slip."""

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

OWN = "POUCE"  # before a requester's number: other references of the same bank account are not taken for ours
TEAM = "T"  # before that of a team
LONGEST = 25


def reference_of(body: str) -> str:
    """`539007547034` → `RF18539007547034`; the body has 1 to 21 capital letters and digits."""
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def of_person(number: int) -> str:
    """A requester's own reference: the same for every transfer. A team's number is below zero."""
    return reference_of(f"{OWN}{TEAM if number < 0 else ''}{abs(number)}")


def person_in(text: str) -> int | None:
    """The requester's number in a reference as a person or a bank writes it; None for any other or mistyped one."""
    compact = iso11649.compact(text)
    word = compact[4 + len(OWN) : LONGEST]
    digits = word.removeprefix(TEAM)
    if not (digits.isascii() and digits.isdecimal()):
        return None
    number = int(digits) if digits == word else -int(digits)
    return number if of_person(number) == compact else None
