"""The keys that sign records of work: made at first use, in the database; the newest signs, none is forgotten."""

from dataclasses import dataclass

from formats.personal_data import fingerprint, public_key
from services.act import House
from storage.unit import UnitOfWork

NUMBER = "record key"  # in the database's settings: the number of the key that signs


@dataclass(frozen=True, slots=True)
class RecordKey:
    """`seed` stays here; `public` is in base64, `fingerprint` for people's eyes."""

    number: int
    seed: bytes

    @property
    def public(self) -> str:
        return public_key(self.seed)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)


def current(unit: UnitOfWork) -> RecordKey:
    return _key(unit, int(unit.settings.get(NUMBER) or 1))


def every(unit: UnitOfWork) -> list[RecordKey]:
    """The one that signs first; with those before it, older records are checked."""
    return [_key(unit, number) for number in range(current(unit).number, 0, -1)]


def known(unit: UnitOfWork) -> list[RecordKey]:
    """The same, for a reading: empty before the first use."""
    number = int(unit.settings.get(NUMBER) or 1)
    return every(unit) if all(unit.secrets.is_made(f"{NUMBER} {each}") for each in range(1, number + 1)) else []


def renew(unit: UnitOfWork) -> RecordKey:
    """A new key signs from now on."""
    number = current(unit).number + 1
    unit.settings.store(NUMBER, str(number))
    unit.audit.note(None, "record key", "house", number=number)
    return _key(unit, number)


def _key(unit: UnitOfWork, number: int) -> RecordKey:
    return RecordKey(number, unit.secrets.get(f"{NUMBER} {number}"))


def address(house: House) -> str:
    """Where anybody reads the public keys; empty where the HTTP door is shut."""
    return f"{house.origin}/record-key" if house.origin else ""
