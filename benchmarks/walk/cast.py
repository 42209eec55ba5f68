"""Who walks: admins, requesters, workers in both languages, strangers; each with names that stand nowhere else."""

from dataclasses import dataclass, field

from formats.bank.iban import read_iban
from simulator.phones import Phones

ADMIN, REQUESTER, WORKER, STRANGER = "admin", "requester", "worker", "stranger"


@dataclass(slots=True)
class Walker:
    """`secrets` are words that nobody else may read; `shown` every (message, data) that was ever a button, `typed` what
    they have written themselves."""

    id: int
    role: str
    language: str
    name: str
    username: str | None
    iban: str
    secrets: list[str]
    shown: list[tuple[int, str]] = field(default_factory=list)
    typed: str = ""

    @property
    def reads(self) -> str:
        """The language of the bot's catalogues."""
        return "fr" if self.language.startswith("fr") else "en"


LANGUAGES = {ADMIN: ("en", "fr"), REQUESTER: ("en", "fr", "en"), WORKER: ("en", "fr", "en", "fr-CA", "en", "fr")}
OTHERS = ("ar", "zh-hans", "fr", "xx")
FIRST = {ADMIN: 911_380_001, REQUESTER: 922_480_001, WORKER: 933_580_001, STRANGER: 944_680_001}
STRANGE = {0: "<b>{}</b>", 1: "{} & co", 3: "‮{}‬", 4: "{} 🦉"}  # names as people have them


def cast() -> list[Walker]:
    roles = [(role, language) for role in (ADMIN, REQUESTER, WORKER) for language in LANGUAGES[role]]
    roles += [(STRANGER, language) for language in OTHERS]
    counted: dict[str, int] = {}
    return [_walker(role, language, counted) for role, language in roles]


def _walker(role: str, language: str, counted: dict[str, int]) -> Walker:
    number = counted[role] = counted.get(role, -1) + 1
    telegram_id, word = FIRST[role] + number, f"Qx{role[:2]}{'abcdefgh'[number]}vz"
    name = STRANGE.get(number, "{}").format(word) if role in (WORKER, STRANGER) else word
    username = f"{word.lower()}_u" if number % 3 != 2 else None
    iban = _iban(telegram_id)
    secrets = [f"{word.lower()}_u", str(telegram_id), iban, iban[-8:]]
    if role in (WORKER, STRANGER):
        secrets.append(word)  # workers read who asks
    return Walker(telegram_id, role, language, name, username, iban, secrets)


def _iban(number: int) -> str:
    """A valid French one."""
    rest = f"30006000{number:011}00"
    rest = f"{rest:0<23}"[:23]
    account = rest[:21]
    key = 97 - (89 * int(account[:5]) + 15 * int(account[5:10]) + 3 * int(account[10:21])) % 97
    bban = f"{account}{key:02}"
    check = 98 - int(f"{bban}152700") % 97
    return f"FR{check:02}{bban}"


def join(phones: Phones, walkers: list[Walker]) -> None:
    for each in walkers:
        read_iban(each.iban)
        details = {"username": each.username, "language_code": each.language, "role": each.role}
        phones.world.join(each.name, each.id, **details)
