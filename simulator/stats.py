"""Statistics of calls: method, result, time; for tests, benchmarks and the page."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.values import Json

MAX_LOGGED_CALLS = 20_000


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call as it ended; code 0 means the connection was cut."""

    at: float
    method: str
    code: int
    params: Mapping[str, Any]
    description: str = ""

    def view(self) -> Json:
        fields: Json = {"at": self.at, "method": self.method, "code": self.code}
        return {**fields, "params": dict(self.params), "description": self.description}


@dataclass(slots=True)
class PeakRate:
    """The busiest second seen so far."""

    recent: deque[float] = field(default_factory=deque)
    peak: int = 0

    def tick(self, now: float) -> None:
        self.recent.append(now)
        while self.recent[0] <= now - 1:
            self.recent.popleft()
        self.peak = max(self.peak, len(self.recent))


class CallStats:
    """Counts by method and code, a bounded log, and the busiest second."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, int]] = Counter()
        self.log: deque[LoggedCall] = deque(maxlen=MAX_LOGGED_CALLS)
        self.all_calls = PeakRate()
        self.sends = PeakRate()

    def note(self, logged: LoggedCall, *, metered: bool) -> None:
        self.counts[logged.method, logged.code] += 1
        self.log.append(logged)
        self.all_calls.tick(logged.at)
        if metered:
            self.sends.tick(logged.at)

    def calls(self, method: str | None = None) -> list[LoggedCall]:
        """Return the log's calls of one method (or all), oldest first."""
        return [logged for logged in self.log if method in (None, logged.method)]

    def refusals(self, *codes: int) -> int:
        """Return the number of refused calls, of these codes or of any; 409 and cut connections count too."""
        selected_codes = set(codes)
        return sum(
            count
            for (_, code), count in self.counts.items()
            if code != 200 and (not selected_codes or code in selected_codes)
        )

    def view(self) -> Json:
        methods: dict[str, dict[str, int]] = {}
        for (method, code), count in sorted(self.counts.items()):
            methods.setdefault(method, {})[str(code)] = count
        peaks = {"max_calls_per_second": self.all_calls.peak, "max_sends_per_second": self.sends.peak}
        return {"calls": sum(self.counts.values()), "refusals": self.refusals(), "methods": methods, **peaks}
