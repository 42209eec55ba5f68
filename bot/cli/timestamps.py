"""`pouce timestamps DIR`: every time-stamped head as files that openssl checks."""

import base64
import ssl
from pathlib import Path

from bot.cli.counting import counted
from bot.cli.ledger import reading, told
from bot.settings import Settings
from domain.money.timestamps import text_of


@told
def timestamps(settings: Settings, directory: str) -> int:
    """Three files a day: what was stamped, the authority's answer, the root it was checked against."""
    place = Path(directory)
    place.mkdir(parents=True, exist_ok=True)
    with reading(settings) as unit:
        stamped = unit.head_timestamps.stamped()
    for each in stamped:
        (place / f"{each.day}.txt").write_bytes(text_of(each.day, each.head))
        (place / f"{each.day}.tsr").write_bytes(base64.b64decode(each.answer))
        (place / f"{each.day}.pem").write_text(ssl.DER_cert_to_PEM_cert(base64.b64decode(each.root)))
    print(f"{counted(len(stamped), 'time-stamped head')} in {place}.")
    return 0
