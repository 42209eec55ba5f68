"""What can go wrong: the service refuses, or it cannot be reached."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pouce_client.models import to_amount


class Problem(Exception):
    """A request that failed: it was refused, or the service cannot be reached."""


class Refused(Problem):
    """`code` names the kind, `facts` are its values, such as `missing` in millionths; the text is a sentence."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("detail") or body.get("title") or f"HTTP {status}")
        self.status = status
        self.code: str = body.get("code", "")
        self.facts: dict[str, Any] = body.get("facts", {})

    @property
    def missing(self) -> Decimal | None:
        """The money that is missing, in the currency; None if the refusal is not about money."""
        missing = self.facts.get("missing")
        return to_amount(missing) if isinstance(missing, int) else None


class Unreachable(Problem):
    """A service that gave no answer after all tries. A request with its `key` may be sent later: it is done once."""

    def __init__(self, where: str, reason: str, key: str) -> None:
        text = f"{where} cannot be reached: {reason}"
        super().__init__(f"{text} (Idempotency-Key {key})" if key else text)
        self.key = key
