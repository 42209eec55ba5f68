"""Keys that sign records of work: made at first use and kept in the database. The newest signs; older ones still
verify."""

from dataclasses import dataclass

from formats.personal_data import fingerprint, public_key
from services.act import House
from storage.unit import UnitOfWork

KEY_NUMBER_SETTING = "record key"  # in the database's settings: the number of the key that signs


@dataclass(frozen=True, slots=True)
class RecordKey:
    """A signing key: its secret `seed`, its public half in base64, and a `fingerprint` for people's eyes."""

    number: int
    seed: bytes

    @property
    def public(self) -> str:
        return public_key(self.seed)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)


def get_signing_key(unit: UnitOfWork) -> RecordKey:
    """Return the key that signs now; make it at first use."""
    return _get_key(unit, int(unit.settings.get(KEY_NUMBER_SETTING) or 1))


def list_keys(unit: UnitOfWork) -> list[RecordKey]:
    """Return all keys, newest first, making the first one at first use. Older records are verified with the older
    keys."""
    return [_get_key(unit, number) for number in range(get_signing_key(unit).number, 0, -1)]


def list_existing_keys(unit: UnitOfWork) -> list[RecordKey]:
    """Return all keys, newest first, without making any: empty before the first use. For reading connections."""
    number = int(unit.settings.get(KEY_NUMBER_SETTING) or 1)
    return (
        list_keys(unit)
        if all(unit.secrets.is_made(f"{KEY_NUMBER_SETTING} {key_number}") for key_number in range(1, number + 1))
        else []
    )


def renew_key(unit: UnitOfWork) -> RecordKey:
    """Make a new key, which signs from now on, and return it."""
    number = get_signing_key(unit).number + 1
    unit.settings.store(KEY_NUMBER_SETTING, str(number))
    unit.audit.note(None, "record key", "house", number=number)
    return _get_key(unit, number)


def _get_key(unit: UnitOfWork, number: int) -> RecordKey:
    return RecordKey(number, unit.secrets.get(f"{KEY_NUMBER_SETTING} {number}"))


def public_keys_url(house: House) -> str:
    """Return the address at which anybody reads the public keys; empty if this installation serves no HTTP."""
    return f"{house.origin}/record-key" if house.origin else ""
