"""Personal data as fields: by name, moments as dates, money as amounts."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from html import escape
from math import exp
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.moments import Moment
from domain.money.amounts import UNIT
from locales.languages import LANGUAGES
from locales.translator import Translator

MONEY = frozenset(
    {"amount", "asked", "balance", "consideration", "fee", "fees", "goal_money", "gross", "net", "pay", "withheld"}
)
DECISIONS = frozenset(
    {"barred_from_asking", "by_you", "called", "contacts", "declined", "elected", "in_place", "paused", "pushed"}
    | {"qualified", "reachable", "requester", "right_answer", "suspended", "taken_back"}
)
OURS = frozenset({"evidence", "facts"})  # nested, and written by the house: its fields are named like columns
NESTED = frozenset(
    {"data", "instructions", "languages", "model", "options", "payload", "pressed_so_far", "task", "tax_answers"}
    | {"unwanted"}
    | OURS
)


def fields_of(statement: str) -> tuple[str, ...]:
    """Return the names of the columns that a statement selects, or the names given by `AS`."""
    return tuple(column.split()[-1].rpartition(".")[2] for column in _split_columns(statement))


def _split_columns(statement: str) -> Iterator[str]:
    """Yield the text of each column between SELECT and FROM; commas inside brackets separate none."""
    depth, column = 0, ""
    for word in statement.split()[1:]:
        if word == "FROM" and depth == 0:
            break
        for sign in f"{word} ":
            depth += (sign == "(") - (sign == ")")
            if sign == "," and depth == 0:
                yield column
                column = ""
            else:
                column += sign
    yield column


def is_moment(name: str) -> bool:
    return name.endswith(("_at", "_on"))


def to_record(fields: Sequence[str], row: Sequence[Any], zone: tzinfo) -> dict[str, Any]:
    return {name: to_readable(name, value, zone) for name, value in zip(fields, row, strict=True)}


def to_readable(name: str, value: Any, zone: tzinfo) -> Any:
    """Return a value as programs read it: a moment in the person's time zone, an amount in units of its currency, null
    for what never happened."""
    if value is None:
        return None
    if is_moment(name):
        return datetime.fromtimestamp(value / 1000, zone).isoformat(timespec="seconds") if value else None
    if name in MONEY:
        return f"{Decimal(value) / UNIT:.6f}".rstrip("0").rstrip(".")
    if name == "seconds":
        return value / 1000
    if name in DECISIONS:
        return bool(value)
    if name in OURS:
        return _map_numbers(parse_nested(value), lambda field, number: to_readable(field, number, zone))
    return parse_nested(value) if name in NESTED else value


def format_moments(value: Any, format_moment: Callable[[int], str]) -> Any:
    """Return a nested value with its moments as text."""
    return _map_numbers(value, lambda field, number: format_moment(number) if number and is_moment(field) else number)


def _map_numbers(value: Any, convert: Callable[[str, int], Any], field: str = "") -> Any:
    """Return a nested value in which `convert` has replaced moments and amounts, however deep they lie."""
    if isinstance(value, dict):
        return {name: _map_numbers(item, convert, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_map_numbers(item, convert, field) for item in value]
    whole = isinstance(value, int) and not isinstance(value, bool)
    return convert(field, value) if whole and (is_moment(field) or field in MONEY) else value


def parse_nested(value: Any) -> Any:
    try:
        return orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value


Words = Mapping[str, str]
HUNDREDTHS_OF_PERCENT = 10_000
MAX_SHOWN_ODDS = 1_000_000  # odds are not told more finely
LISTS = frozenset({"kinds", "languages", "shows", "unwanted"})
NEVER = -1  # no hour


class Values:
    def __init__(self, t: Translator, words: Words) -> None:
        self._t, self._words = t, words

    def find_words(self, name: str, value: Any, row: Mapping[str, Any]) -> str | None:
        """Return the value as words; None if the field is shown as it is stored."""
        shaper = SHAPERS.get(name)
        if shaper is not None:
            return shaper(self, value, row)
        if name in LISTS:
            codes = parse_nested(value)
            return self._t.all_of([self.label(name, code) for code in codes]) if isinstance(codes, list) else None
        return None

    def label(self, name: str, code: Any) -> str:
        label = self._words.get(f"value.{name}.{code}") or self._words.get(f"value.{code}")
        return label or str(code)

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
        codes = parse_nested(value)
        return (
            self._t.all_of([self.language(language_code, row) for language_code in codes])
            if isinstance(codes, list)
            else str(value)
        )

    def country(self, code: str, row: Mapping[str, Any]) -> str:
        return self._words["not told"] if code == "-" else self._t.country(code) if code else ""

    def each_line(self, value: Any, row: Mapping[str, Any]) -> str:
        items = parse_nested(value)
        return "\n".join(map(str, items)) if isinstance(items, list) else str(value)

    def share(self, part: float, row: Mapping[str, Any]) -> str:
        return self._t.percent(part)

    def withheld(self, part: int, row: Mapping[str, Any]) -> str:
        return self._t.percent(part / HUNDREDTHS_OF_PERCENT)

    def odds(self, nats: float, row: Mapping[str, Any]) -> str:
        odds = exp(min(nats, 40.0))
        high = "> " if odds > MAX_SHOWN_ODDS else ""
        return f"{high}{self._t.number(round(min(odds, MAX_SHOWN_ODDS)))} : 1"

    def account(self, name: str, row: Mapping[str, Any]) -> str:
        side, _, rest = name.partition(":")
        return self.label("account", f"{side}:{rest.rpartition(':')[2]}")

    def numbered_subject(self, subject: str, row: Mapping[str, Any]) -> str:
        """“project:8:again”, “case:stop:3:asked”: the word, and the number."""
        what, *rest = str(subject).split(":")
        number = next((part for part in rest if part.isdigit()), "")
        return " ".join(filter(None, (self.label("subject", what), number)))

    def subject_words(self, name: str, row: Mapping[str, Any]) -> str:
        """Return words for the subject of a message, complaint or open question; of a message, the part of the bot that
        sent it."""
        label = self._words.get(f"value.about.{name}")
        part, dot, rest = str(name).partition(".")
        return label or (self.label("about", part) if dot and rest else self.numbered_subject(name, row))

    def board(self, number: int, row: Mapping[str, Any]) -> str:
        return str(number) if number else self._words["house's board"]

    def model_words(self, value: Any, row: Mapping[str, Any]) -> str:
        """Return a worker's model as lines: its skill in words, then the numbers."""
        fields = parse_nested(value)
        skill = fields.pop("skill", None) if isinstance(fields, dict) else None
        sentences = []
        if isinstance(skill, dict) and {"accuracy", "answers", "chance"} <= skill.keys():
            answers = self._t.number(round(skill["answers"]))
            shares = {"right": self._t.percent(skill["accuracy"]), "behind": answers}
            sentences = [f"{self._words[name]}: {value}" for name, value in shares.items()]
            sentences.append(f"{self._words['guessing']}: {self._t.percent(skill['chance'])}")
        numbers = self.flat(list(fields.values()) if isinstance(fields, dict) else fields)
        return "\n".join((*sentences, self._words["reckoned"], *numbers))

    def flat(self, value: Any, before: str = "") -> Iterator[str]:
        """A nested value line by line: `a · b: c`."""
        if isinstance(value, dict):
            for name, item in value.items():
                yield from self.flat(item, " · ".join(filter(None, (before, self._key(name)))))
        elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
            for number, item in enumerate(value, 1):
                yield from self.flat(item, " · ".join(filter(None, (before, str(number)))))
        else:
            plain = ", ".join(map(self._plain, value)) if isinstance(value, list) else self._plain(value)
            text = self._amount(value) if before.endswith(self._amounts) and isinstance(value, int) else plain
            if text:
                yield f"{before}: {text}" if before else text

    @property
    def _amounts(self) -> tuple[str, ...]:
        return tuple(self._key(name) for name in MONEY)

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
    "subject": Values.numbered_subject,
    "about": Values.subject_words,
    "board": Values.board,
    "model": Values.model_words,
}


MAX_UNFOLDED_ROWS = 20  # rows up to which a section is unfolded
STYLE = """
body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:44rem;padding:1rem;color:#222;background:#fff}
h1{font-size:1.4rem;color:#0072b2}summary{font-size:1.1rem;font-weight:600;padding:.6rem 0;cursor:pointer}
details{border-top:1px solid #ddd}summary small{color:#6e6e6e;font-weight:400}
dl{display:grid;grid-template-columns:minmax(6.5rem,38%) 1fr;gap:.15rem .7rem;margin:.5rem 0;padding:.6rem;
background:#eef4f8;border-radius:.5rem}dt{color:#555;font-size:.9rem}dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
@media(prefers-color-scheme:dark){body{color:#eee;background:#17212b}dl{background:#22303d}dt,summary small{color:#aab}
h1{color:#6cbdf0}details{border-color:#334}}
"""
HEAD = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>{style}</style></head><body>
<h1>{title}</h1>
"""
Rows = Sequence[tuple[Any, ...]]


class PersonalPage:
    """`words`: every text in the reader's language, by `title`, `about`, `nothing`, `yes`, `no` …, and `section.…`,
    `field.…`, `value.…` (formats/personal_data.py); a name without a text is shown as it is."""

    def __init__(self, t: Translator, zone: tzinfo, words: Mapping[str, str]) -> None:
        self._t, self._zone, self._words = t, zone, words
        self._values = Values(t, words)
        self._empty: list[str] = []

    def head(self, now: Moment) -> str:
        title, introduction = (escape(self._words[name]) for name in ("title", "about"))
        date_line = escape(f"{self._words['made']} {self._t.moment(now, self._zone)} ({self._zone})")
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in (*introduction.split("\n"), date_line))
        return HEAD.format(language=escape(self._t.language), title=title, style=STYLE) + paragraphs

    async def section(self, name: str, fields: Sequence[str], rows: AsyncIterator[Any]) -> list[str]:
        """Return the section's HTML, a row a piece. Return nothing for a section without rows: the foot lists its
        title."""
        cards = [self._card(fields, row) async for row in rows]
        title = escape(self._word("section", name))
        if not cards:
            self._empty.append(title)
            return []
        unfolded = " open" if len(cards) <= MAX_UNFOLDED_ROWS else ""
        head = f"<details{unfolded}><summary>{title} <small>{self._t.number(len(cards))}</small></summary>"
        return [head, *cards, "</details>\n"]

    def foot(self) -> str:
        empty = (
            f"<details><summary>{escape(self._words['nothing'])}</summary><p>{'<br>'.join(self._empty)}</p></details>"
        )
        return f"{empty if self._empty else ''}</body></html>\n"

    def _card(self, fields: Sequence[str], row: Sequence[Any]) -> str:
        fields_by_name = dict(zip(fields, row, strict=True))
        return (
            f"<dl>{''.join(self._line(name, value, fields_by_name) for name, value in fields_by_name.items())}</dl>\n"
        )

    def _line(self, name: str, value: Any, row: Mapping[str, Any]) -> str:
        text = "" if value is None else self._value_words(name, value, row)
        return f"<dt>{escape(self._word('field', name))}</dt><dd>{escape(text)}</dd>" if text else ""

    def _value_words(self, name: str, value: Any, row: Mapping[str, Any]) -> str:
        if is_moment(name):
            return self._t.moment(value, self._zone) if value else ""
        if name in MONEY and row.get("currency"):
            return self._t.money(value, row["currency"])
        if name in DECISIONS:
            return self._words["yes" if value else "no"]
        words = self._values.find_words(name, value, row)
        if words is not None:
            return words
        if name in NESTED:
            return "\n".join(self._values.flat(self._nested(name, value)))
        plain = to_readable(name, value, self._zone)
        return self._t.number(plain) if isinstance(plain, float) else self._values.label(name, plain)

    def _nested(self, name: str, value: Any) -> Any:
        content = parse_nested(value)
        if name not in OURS:
            return content
        return format_moments(content, lambda moment: self._t.moment(Moment(moment), self._zone))

    def _word(self, sort: str, name: str) -> str:
        return self._words.get(f"{sort}.{name}") or name.replace("_", " ")


FORMAT = "pouce-record-1"


def public_key(seed: bytes) -> str:
    """The public half of a key of 32 random bytes, in base64."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()).decode()


def fingerprint(key: str) -> str:
    """Sixteen signs by which people compare a public key."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]


def signed(record: dict[str, Any], seed: bytes) -> str:
    """One line of JSON: the record and its signature."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(canonical(record))
    return json.dumps(
        {"record": record, "signature": base64.b64encode(signature).decode()},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def canonical(record: dict[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
