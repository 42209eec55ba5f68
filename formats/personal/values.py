"""Words for personal data that is kept as numbers or codes: days of the week, hours, months, places, odds, accounts.

`words` has a code's text as `value.FIELD.CODE`, or `value.CODE` where the field does not matter.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from math import exp
from typing import Any

from domain.money.amounts import UNIT
from formats.personal import data as personal_data
from locales import LANGUAGES, Translator

Words = Mapping[str, str]
HUNDREDTHS_OF_PERCENT = 10_000
HIGHEST = 1_000_000  # odds are not told more finely
LISTS = frozenset({"kinds", "languages", "shows", "unwanted"})
NEVER = -1  # no hour


class Values:
    def __init__(self, t: Translator, words: Words) -> None:
        self._t, self._words = t, words

    def shown(self, name: str, value: Any, row: Mapping[str, Any]) -> str | None:
        """None where the field is shown as it is kept."""
        shaper = SHAPERS.get(name)
        if shaper is not None:
            return shaper(self, value, row)
        if name in LISTS:
            found = personal_data.nested(value)
            return self._t.all_of([self.word(name, each) for each in found]) if isinstance(found, list) else None
        return None

    def word(self, name: str, code: Any) -> str:
        known = self._words.get(f"value.{name}.{code}") or self._words.get(f"value.{code}")
        return known or str(code)

    def days(self, mask: int, row: Mapping[str, Any]) -> str:
        chosen = [self._t.weekday(day) for day in range(7) if mask >> day & 1]
        return self._words["every day"] if len(chosen) == 7 else self._t.all_of(chosen)

    def hour(self, hour: int, row: Mapping[str, Any]) -> str:
        if hour == NEVER:
            return self._words["none"]
        round_the_clock = row.get("begin_hour") == row.get("end_hour") and "begin_hour" in row
        return self._words["any time"] if round_the_clock and hour == row["begin_hour"] else f"{hour}:00"

    def board_hour(self, hour: int, row: Mapping[str, Any]) -> str:
        return self._words["none"] if hour == NEVER else f"{hour}:00"

    def month(self, number: int, row: Mapping[str, Any]) -> str:
        if not number:
            return ""
        within = datetime(number // 12, number % 12 + 1, 15, tzinfo=UTC)
        return self._t.month(round(within.timestamp() * 1000))

    def language(self, code: str, row: Mapping[str, Any]) -> str:
        return LANGUAGES[code].name if code in LANGUAGES else code

    def languages(self, value: Any, row: Mapping[str, Any]) -> str:
        found = personal_data.nested(value)
        return self._t.all_of([self.language(each, row) for each in found]) if isinstance(found, list) else str(value)

    def country(self, code: str, row: Mapping[str, Any]) -> str:
        return self._words["not told"] if code == "-" else self._t.country(code) if code else ""

    def each_line(self, value: Any, row: Mapping[str, Any]) -> str:
        found = personal_data.nested(value)
        return "\n".join(map(str, found)) if isinstance(found, list) else str(value)

    def share(self, part: float, row: Mapping[str, Any]) -> str:
        return self._t.percent(part)

    def withheld(self, part: int, row: Mapping[str, Any]) -> str:
        return self._t.percent(part / HUNDREDTHS_OF_PERCENT)

    def odds(self, nats: float, row: Mapping[str, Any]) -> str:
        told = exp(min(nats, 40.0))
        high = "> " if told > HIGHEST else ""
        return f"{high}{self._t.number(round(min(told, HIGHEST)))} : 1"

    def account(self, name: str, row: Mapping[str, Any]) -> str:
        side, _, rest = name.partition(":")
        return self.word("account", f"{side}:{rest.rpartition(':')[2]}")

    def numbered(self, subject: str, row: Mapping[str, Any]) -> str:
        """“project:8:again”, “case:stop:3:asked”: the word, and the number."""
        what, *rest = str(subject).split(":")
        number = next((each for each in rest if each.isdigit()), "")
        return " ".join(filter(None, (self.word("subject", what), number)))

    def about(self, name: str, row: Mapping[str, Any]) -> str:
        """What a message, a complaint or an open question is about; of messages, the part of the bot it is from."""
        known = self._words.get(f"value.about.{name}")
        part, dot, rest = str(name).partition(".")
        return known or (self.word("about", part) if dot and rest else self.numbered(name, row))

    def board(self, number: int, row: Mapping[str, Any]) -> str:
        return str(number) if number else self._words["house's board"]

    def model(self, value: Any, row: Mapping[str, Any]) -> str:
        """What can be said of it in words, then the numbers."""
        found = personal_data.nested(value)
        skill = found.pop("skill", None) if isinstance(found, dict) else None
        said = []
        if isinstance(skill, dict) and {"accuracy", "answers", "chance"} <= skill.keys():
            answers = self._t.number(round(skill["answers"]))
            told = {"right": self._t.percent(skill["accuracy"]), "behind": answers}
            said = [f"{self._words[name]}: {value}" for name, value in told.items()]
            said.append(f"{self._words['guessing']}: {self._t.percent(skill['chance'])}")
        numbers = self.flat(list(found.values()) if isinstance(found, dict) else found)
        return "\n".join((*said, self._words["reckoned"], *numbers))

    def flat(self, value: Any, before: str = "") -> Iterator[str]:
        """A nested value line by line: `a · b: c`."""
        if isinstance(value, dict):
            for name, each in value.items():
                yield from self.flat(each, " · ".join(filter(None, (before, self._key(name)))))
        elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
            for number, each in enumerate(value, 1):
                yield from self.flat(each, " · ".join(filter(None, (before, str(number)))))
        else:
            plain = ", ".join(map(self._plain, value)) if isinstance(value, list) else self._plain(value)
            shown = self._amount(value) if before.endswith(self._amounts) and isinstance(value, int) else plain
            if shown:
                yield f"{before}: {shown}" if before else shown

    @property
    def _amounts(self) -> tuple[str, ...]:
        return tuple(self._key(name) for name in personal_data.MONEY)

    def _key(self, name: str) -> str:
        return self._words.get(f"field.{name}", str(name))

    def _amount(self, value: int) -> str:
        return self._plain(value) if isinstance(value, bool) else self._t.number(Decimal(value) / UNIT)

    def _plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return self._words["yes" if value else "no"]
        if isinstance(value, float):
            return self._t.number(round(value, 3))
        return "" if value is None else str(value)


SHAPERS: dict[str, Callable[[Values, Any, Mapping[str, Any]], str]] = {
    "days": Values.days,
    "begin_hour": Values.hour,
    "end_hour": Values.hour,
    "board_hour": Values.board_hour,
    "month_of_last_name": Values.month,
    "language": Values.language,
    "languages": Values.languages,
    "country": Values.country,
    "instructions": Values.each_line,
    "expected": Values.share,
    "observed": Values.share,
    "withheld_basis_points": Values.withheld,
    "nats": Values.odds,
    "account": Values.account,
    "subject": Values.numbered,
    "about": Values.about,
    "board": Values.board,
    "model": Values.model,
}
