"""Personal data as one page for a phone: no script, nothing that is loaded from elsewhere."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import tzinfo
from html import escape
from typing import Any

from domain.moments import Moment
from formats.personal import data as personal_data
from formats.personal.values import Values
from locales import Translator

OPEN = 20  # rows up to which a section is unfolded
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
    `field.…`, `value.…` (formats/personal/values.py); a name without a text is shown as it is."""

    def __init__(self, t: Translator, zone: tzinfo, words: Mapping[str, str]) -> None:
        self._t, self._zone, self._words = t, zone, words
        self._values = Values(t, words)
        self._empty: list[str] = []

    def head(self, now: Moment) -> str:
        title, about = (escape(self._words[name]) for name in ("title", "about"))
        made = escape(f"{self._words['made']} {self._t.moment(now, self._zone)} ({self._zone})")
        paragraphs = "".join(f"<p>{each}</p>" for each in (*about.split("\n"), made))
        return HEAD.format(language=escape(self._t.language), title=title, style=STYLE) + paragraphs

    async def section(self, name: str, fields: Sequence[str], rows: AsyncIterator[Any]) -> list[str]:
        """The section's HTML, a row a piece; nothing where there are no rows."""
        cards = [self._card(fields, row) async for row in rows]
        title = escape(self._word("section", name))
        if not cards:
            self._empty.append(title)
            return []
        unfolded = " open" if len(cards) <= OPEN else ""
        head = f"<details{unfolded}><summary>{title} <small>{self._t.number(len(cards))}</small></summary>"
        return [head, *cards, "</details>\n"]

    def foot(self) -> str:
        empty = (
            f"<details><summary>{escape(self._words['nothing'])}</summary><p>{'<br>'.join(self._empty)}</p></details>"
        )
        return f"{empty if self._empty else ''}</body></html>\n"

    def _card(self, fields: Sequence[str], row: Sequence[Any]) -> str:
        told = dict(zip(fields, row, strict=True))
        return f"<dl>{''.join(self._line(name, value, told) for name, value in told.items())}</dl>\n"

    def _line(self, name: str, value: Any, row: Mapping[str, Any]) -> str:
        shown = "" if value is None else self._shown(name, value, row)
        return f"<dt>{escape(self._word('field', name))}</dt><dd>{escape(shown)}</dd>" if shown else ""

    def _shown(self, name: str, value: Any, row: Mapping[str, Any]) -> str:
        if personal_data.is_moment(name):
            return self._t.moment(value, self._zone) if value else ""
        if name in personal_data.MONEY and row.get("currency"):
            return self._t.money(value, row["currency"])
        if name in personal_data.DECISIONS:
            return self._words["yes" if value else "no"]
        told = self._values.shown(name, value, row)
        if told is not None:
            return told
        if name in personal_data.NESTED:
            return "\n".join(self._values.flat(self._nested(name, value)))
        plain = personal_data.readable(name, value, self._zone)
        return self._t.number(plain) if isinstance(plain, float) else self._values.word(name, plain)

    def _nested(self, name: str, value: Any) -> Any:
        found = personal_data.nested(value)
        if name not in personal_data.OURS:
            return found
        return personal_data.with_moments(found, lambda moment: self._t.moment(Moment(moment), self._zone))

    def _word(self, sort: str, name: str) -> str:
        return self._words.get(f"{sort}.{name}") or name.replace("_", " ")
