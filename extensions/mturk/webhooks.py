"""How calls to programs are signed: with the secret of the pair of keys with which the program asked for them."""

import hashlib
import hmac

from domain.people.webhooks import WebhookCall
from extensions.mturk.domain.notifications import PROGRAM, SNS

KIND = PROGRAM


def make_headers(call: WebhookCall, secret: str) -> dict[str, str]:
    """Return the headers of a call about an event of a HIT."""
    digest = hmac.new(secret.encode(), call.body.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Pouce-Signature": f"sha256={digest}"}
    if call.kind.endswith(f".{SNS}"):
        headers |= {"x-amz-sns-message-type": "Notification", "x-amz-sns-rawdelivery": "true"}
    return headers
