"""Time-stamps of daily heads by an outside authority (RFC 3161): what is sent, how an answer is checked."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from domain.moments import MINUTE, Moment
from domain.money.ledger import Head

FIRST, LONGEST = MINUTE, 360 * MINUTE  # between two tries; doubled each time


class NotStamped(Exception):
    """Why an answer is no time-stamp of this head."""


def text_of(day: str, head: Head) -> bytes:
    """What is stamped; docs/ledger.md specifies it for independent checks."""
    return f"{day} {head.position} {head.hash}".encode()


def next_try(tries: int, now: Moment) -> Moment:
    return Moment(now + min(LONGEST, FIRST << min(tries, 20)))


def checked(answer: bytes, text: bytes, roots: Sequence[x509.Certificate]) -> tuple[Moment, x509.Certificate]:
    """The authority's moment and the root it stands on. Raises NotStamped."""
    try:
        found = decode_timestamp_response(answer)
        issuers = {x509.load_der_x509_certificate(each).issuer for each in found.signed_data.certificates}
        moment = Moment(int(found.tst_info.gen_time.replace(tzinfo=UTC).timestamp() * 1000))
    except ValueError as error:
        raise NotStamped(f"no answer of a time-stamping authority: {error}") from None
    reason = "its root certificate is not known here: TIMESTAMP_CA names a file with it"
    for root in roots:
        if root.subject in issuers:
            try:
                VerifierBuilder(roots=[root]).build().verify_message(found, text)
            except VerificationError as error:
                reason = str(error)
            else:
                return moment, root
    raise NotStamped(reason)


def fault(day: str, head: Head, answer: str, root: str, stamped_at: Moment) -> str:
    """What is wrong with a stored time-stamp; empty where nothing is."""
    try:
        known = x509.load_der_x509_certificate(base64.b64decode(root, validate=True))
        moment, _ = checked(base64.b64decode(answer, validate=True), text_of(day, head), [known])
    except (NotStamped, binascii.Error, ValueError) as error:
        return f"its time-stamp is not of this head: {error}"
    return "" if moment == stamped_at else "its time-stamp is of another moment"


def packed(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
