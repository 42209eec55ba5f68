"""What an attack is: somebody who tries to gain what the rules do not give, and how much they gain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attack:
    """The measured result of one attack.

    `gain` and `limit` have the same `unit`; the attack fails, as it should, when `gain` is at most `limit`."""

    name: str
    gain: float
    limit: float
    unit: str
    explanation: str

    @property
    def is_repelled(self) -> bool:
        return self.gain <= self.limit

    def to_row(self) -> str:
        """Return the attack as a row of a Markdown table."""
        verdict = "nothing gained" if self.is_repelled else "**GAINED**"
        gain, limit = (f"{value:,.3f}{self.unit}" for value in (self.gain, self.limit))
        return f"| {self.name} | {gain} | ≤ {limit} | {verdict} | {self.explanation} |"
