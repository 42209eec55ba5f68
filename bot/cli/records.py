"""`pouce record-key`: the public keys that sign records of work; a new one with `--renew`."""

from bot import clock
from bot.cli.ledger import of_this_version, told
from bot.settings import Settings
from services.people import record_keys
from storage.database import one_transaction


@told
def record_key(settings: Settings, renew: bool = False) -> int:
    """One line a key, the one in use first."""
    of_this_version(settings)
    with one_transaction(settings.database_url, clock.wall_clock()) as unit:
        if renew:
            record_keys.renew(unit)
        for each in record_keys.every(unit):
            print(f"{each.number}  {each.public}  {each.fingerprint}")
    return 0
