"""AWS Signature Version 4 of the header kind, checked over the Host that was sent.

A request is no replay because it came before: boto3 signs the second alone, so that two equal calls are equal bytes.
What holds is the clock's window, and tokens where something must happen once.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote

from domain.moments import MINUTE, Moment
from extensions.mturk.web import faults

ALGORITHM, SERVICE, END = "AWS4-HMAC-SHA256", "mturk-requester", "aws4_request"
WINDOW = 15 * MINUTE
SIGNED_HOST = "x-pouce-signed-host"
NEEDED = ("host", "x-amz-date", "x-amz-target")
_CREDENTIAL = re.compile(r"([\w-]{1,128})/([0-9]{8})/([a-z0-9-]{1,40})/([a-z0-9-]{1,40})/([a-z0-9_]{1,40})")


@dataclass(frozen=True, slots=True)
class Claim:
    """Parts of an Authorization header: whose key, what it covers, and the signature."""

    key: str
    day: str
    region: str
    service: str
    signed: tuple[str, ...]
    signature: str

    @property
    def scope(self) -> str:
        return f"{self.day}/{self.region}/{self.service}/{END}"


def parse_claim(header: str) -> Claim:
    """Return the parsed Authorization header. Raise Fault for a malformed one."""
    algorithm, _, rest = header.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise faults.incomplete(f"Authorization begins with {ALGORITHM}.")
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if missing := [name for name in ("Credential", "SignedHeaders", "Signature") if not parts.get(name)]:
        raise faults.incomplete(f"Authorization header requires '{missing[0]}' parameter.")
    credential = _CREDENTIAL.fullmatch(parts["Credential"])
    if credential is None or credential[5] != END:
        raise faults.incomplete(f"Credential is KEY/DATE/REGION/{SERVICE}/{END}.")
    key, day, region, service, _ = credential.groups()
    return Claim(
        key, day, region, service, signed=tuple(parts["SignedHeaders"].split(";")), signature=parts["Signature"]
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed request as it was received: `headers` holds all of them, in lower case."""

    method: str
    path: str
    query: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Raises Fault for none, and for two. The host is the one that was signed: `pouce mturk` hands it on in a
        header of its own (bot/cli/mturk_proxy.py), which nobody can forge, since it is under the signature."""
        if name == "host" and any(key == SIGNED_HOST for key, _ in self.headers):
            return self.header(SIGNED_HOST)
        values = [value for key, value in self.headers if key == name]
        if len(values) != 1:
            raise faults.incomplete(f"The header {name} is needed once.")
        return " ".join(values[0].split())


def require_valid_signature(request: Signed, claim: Claim, secret: str, now: Moment) -> None:
    """Raise Fault unless the owner of the secret signed exactly this request within the last minutes."""
    if claim.service != SERVICE:
        raise faults.forged(f"Credential should be scoped to correct service: '{SERVICE}'.")
    if missing := [name for name in NEEDED if name not in claim.signed]:
        raise faults.incomplete(f"The header {missing[0]} must be signed.")
    stamp = request.header("x-amz-date")
    _require_recent(stamp, claim, now)
    to_sign = "\n".join(
        (ALGORITHM, stamp, claim.scope, _sha256(_build_canonical_request(request, claim.signed).encode()))
    )
    expected = hmac.new(_derive_signing_key(secret, claim), to_sign.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()):
        raise faults.forged(
            "The request signature we calculated does not match the signature you provided."
            " Check your AWS Secret Access Key and signing method."
        )


def _require_recent(stamp: str, claim: Claim, now: Moment) -> None:
    try:
        sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise faults.incomplete("X-Amz-Date is YYYYMMDDTHHMMSSZ.") from None
    if claim.day != stamp[:8]:
        raise faults.forged("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
    if abs(round(sent.timestamp() * 1000) - now) > WINDOW:
        raise faults.forged(f"Signature expired: {stamp} is more than 15 minutes from the time here.")


def _build_canonical_request(request: Signed, signed: Sequence[str]) -> str:
    query = sorted((quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(request.query, True))
    headers = [f"{name}:{request.header(name)}" for name in signed]
    query_text = "&".join(f"{name}={value}" for name, value in query)
    return "\n".join(
        (
            request.method,
            request.path,
            query_text,
            *headers,
            "",
            ";".join(signed),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def _derive_signing_key(secret: str, claim: Claim) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (claim.day, claim.region, claim.service, END):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def decode_headers(raw: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode().lower(), value.decode()) for name, value in raw]


def get_operation_name(headers: Mapping[str, str]) -> str:
    """Return the name of the operation, or "" if the request names none of this API's."""
    prefix, _, name = headers.get("X-Amz-Target", "").rpartition(".")
    return name if prefix == "MTurkRequesterServiceV20170117" else ""
