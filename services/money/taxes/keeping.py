"""The answers of tax forms: encrypted and decrypted here alone, moved to a new key, deleted when their time is over."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from domain.moments import Moment, as_datetime
from domain.money.tax_forms import KEPT_YEARS, TaxForm
from domain.people.people import PersonId
from services.encryption import Encryption, Undecipherable
from storage.money.sealed import Key
from storage.unit import UnitOfWork

TOGETHER = 50  # forms moved to a new key in one transaction


def sealed(encryption: Encryption, given: Mapping[str, str]) -> str:
    return encryption.encrypt(json.dumps(dict(given), sort_keys=True))


def opened(encryption: Encryption, text: str | None) -> dict[str, str]:
    """Empty where there is nothing. Raises Undecipherable."""
    if not text:
        return {}
    if not encryption:
        raise Undecipherable
    found: dict[str, str] = json.loads(encryption.decrypt(text))
    return found


def keep(unit: UnitOfWork, encryption: Encryption, person: PersonId, given: Mapping[str, str]) -> None:
    unit.tax_forms.keep(person, sealed(encryption, given), encryption.key_print)


def answers_of(encryption: Encryption, form: TaxForm | None) -> dict[str, str]:
    """Empty where none were given, or no key opens them: then they are asked for anew."""
    try:
        return opened(encryption, form.sealed if form else None)
    except Undecipherable:
        return {}


def forget(unit: UnitOfWork, person: PersonId) -> None:
    """Of a person who is erased: the law keeps the form until the end of the fifth year after they were last paid."""
    paid = unit.tax_forms.last_paid(person)
    unit.tax_forms.forget(person, unit.now if paid is None else _end_of_keeping(paid))


def _end_of_keeping(paid: Moment) -> Moment:
    ends = datetime(as_datetime(paid).year + KEPT_YEARS + 1, 1, 1, tzinfo=UTC)
    return Moment(int(ends.timestamp()) * 1000)


class Rotation:
    """Moves forms, and what was filed of them, to the newest key, some a transaction; what no key opens is left."""

    def __init__(self, encryption: Encryption) -> None:
        self._encryption = encryption
        self._reached: dict[int, Key] = {}  # by table

    def __call__(self, unit: UnitOfWork) -> None:
        if not self._encryption:
            return
        name = self._encryption.key_print
        for place, table in enumerate(unit.sealed):
            found = table.older(name, self._reached.get(place, table.start), TOGETHER)
            for at, text in found:
                if anew := self._again(text):
                    table.reseal(at, text, anew, name)
            self._reached[place] = found[-1][0] if len(found) == TOGETHER else table.start

    def _again(self, text: str) -> str:
        """Empty where no key opens it."""
        try:
            return self._encryption.again(text)
        except Undecipherable:
            return ""
