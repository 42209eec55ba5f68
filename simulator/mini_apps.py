"""Opens Mini Apps as Telegram does: the button's address, with signed launch data in its fragment.

https://core.telegram.org/bots/webapps: the hash is HMAC-SHA256 of all other fields, under a key made of the token.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from urllib.parse import quote, urlencode

from simulator.values import Json, Person

VERSION = "9.1"  # of the Mini App protocol


def init_data(token: str, person: Person, query: str, at: int) -> str:
    """`signature` is Telegram's own in life: nobody but Telegram can make it, so here it is a random-looking one."""
    user = {name: value for name, value in person.user().items() if name != "is_bot"}
    signature = urlsafe_b64encode(hashlib.sha512(f"{query} {at}".encode()).digest()).decode().rstrip("=")
    fields = {
        "query_id": query,
        "user": json.dumps({**user, "allows_write_to_pm": True}, separators=(",", ":"), ensure_ascii=False),
        "auth_date": str(at),
        "signature": signature,
    }
    return urlencode({**fields, "hash": signed(token, fields)}, quote_via=quote)


def signed(token: str, fields: dict[str, str]) -> str:
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    lines = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    return hmac.digest(secret, lines.encode(), hashlib.sha256).hex()


def opened(address: str, data: str, theme: Json) -> str:
    """The address that the client loads."""
    launch = {
        "tgWebAppData": data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(theme, separators=(",", ":")),
    }
    return f"{address}#{urlencode(launch, quote_via=quote)}"
