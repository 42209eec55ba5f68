"""The template of a task's message: text with `{column}` placeholders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from domain.projects.candidates import is_picture, pictured
from domain.projects.media import is_strict, kind_of_column
from formats.errors import Findings, problem
from formats.tables.table import FileWarning

TEXT = "text"
USUAL = (TEXT, "image", "audio")
ASKED = frozenset({"question", "prompt", "query", "instruction"})  # what is asked about a picture, where no text is
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The columns a template shows, in order."""
    return tuple(name.strip() for name in _PLACEHOLDER.findall(template))


def render(template: str, content: Mapping[str, str]) -> str:
    """The message of a task; unknown placeholders stay as they are written."""
    return _PLACEHOLDER.sub(lambda match: content.get(match.group(1).strip(), match.group()), template)


def length(message: str) -> int:
    """As Telegram counts: in UTF-16 code units."""
    return len(message.encode("utf-16-le", "surrogatepass")) // 2


def chosen(template: str | None, columns: tuple[str, ...], line: int, findings: Findings) -> str:
    """The template given, in the columns' own spelling, or the one that needs no saying."""
    by_name = {name.casefold(): name for name in columns}
    if template and template.strip():
        return _checked(template, by_name, columns, line, findings)
    shown = _usual(columns)
    if not shown:
        findings.add(problem(line, "template", "", "template", columns=columns, example=columns[0]))
    return "\n".join(f"{{{name}}}" for name in shown)


def words_of(columns: Sequence[str]) -> list[str]:
    """The column `text`, else those that ask something."""
    text = [name for name in columns if name.casefold() == TEXT]
    return text or [name for name in columns if name.casefold() in ASKED]


def unshown(message: str, columns: tuple[str, ...]) -> list[FileWarning]:
    """Of a template that nobody wrote: which columns workers do not see, and what shows them."""
    left = tuple(name for name in columns if name not in placeholders(message))
    if not left or not message:
        return []
    lines = (*message.split("\n"), *(f"{{{name}}}" for name in left))
    return [FileWarning("columns_unshown", {"columns": left, "template": " ".join(lines)})]


def unpictured(message: str, content: Mapping[str, str], compared: Sequence[str]) -> list[FileWarning]:
    """Return a warning that names the columns whose pictures workers would see as bare addresses, by one row; what is
    `compared` is shown as pictures where each line of the template holds one."""
    text, _ = pictured(render(message, content), compared)
    cells = {name: content.get(name, "").strip() for name in placeholders(message) if kind_of_column(name) is None}
    bare = tuple(name for name, cell in cells.items() if is_picture(cell) and cell in text)
    return [FileWarning("pictures_as_links", {"columns": bare})] if bare else []


def _usual(columns: tuple[str, ...]) -> list[str]:
    """The only column; where one is called `text`, `image` or `audio`, the words and then all pictures and sounds."""
    if len(columns) == 1:
        return list(columns)
    if not any(name.casefold() in USUAL for name in columns):
        return []
    return words_of(columns) + [name for name in columns if is_strict(name)]


def _checked(template: str, by_name: Mapping[str, str], columns: tuple[str, ...], line: int, findings: Findings) -> str:
    if template.strip().casefold() in by_name:
        return f"{{{by_name[template.strip().casefold()]}}}"
    names = placeholders(template)
    if not names:
        findings.add(problem(line, "template", template, "placeholder", columns=columns))
    for name in names:
        if name.casefold() not in by_name:
            findings.add(problem(line, "template", f"{{{name}}}", "known_column", columns=columns))
    return _PLACEHOLDER.sub(lambda match: f"{{{by_name.get(match[1].strip().casefold(), match[1])}}}", template)
