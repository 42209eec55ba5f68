"""Every message of the code, and each language's catalogue brought up to it: `python -m tests.locales.catalogue`.

The same command writes the tables of docs/commands.md.

Translations are kept by their message, word for word: a message whose English changes is translated anew, never
guessed. The files carry no line numbers and no dates, so that a difference shows words and nothing else.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from formats.errors import EXPECTED, WARNINGS
from handlers.routes import COMMANDS
from locales.languages import LANGUAGES
from tests.architecture import commands_page

HOUSE = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "locales", "web")
KEYWORDS = {"t": None, "plain": None, "n": (1, 2)}
WRITTEN_IN = "en"

Message = str | tuple[str, str]


def messages() -> Iterator[tuple[str, Message]]:
    """(source file, message), file by file in the order of their lines; a plural is (one, many)."""
    for source in sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py")):
        for _, message, _, _ in extract_from_file("python", source, keywords=KEYWORDS):
            yield source.relative_to(HOUSE).as_posix(), message
    for text in (*EXPECTED.values(), *WARNINGS.values()):
        yield "formats/errors.py", text
    for command in COMMANDS:
        yield from (("handlers/routes", text) for text in (command.usage, command.means) if text)


def path_of(language: str) -> Path:
    return HOUSE / "locales" / language / "LC_MESSAGES" / "pouce.po"


def stored(language: str) -> Catalog:
    """The catalogue as it is on disk; empty when there is none."""
    path = path_of(language)
    return read_po(BytesIO(path.read_bytes()), locale=language) if path.is_file() else Catalog(locale=language)


def updated(language: str) -> Catalog:
    """Every message of the code with the translation it has, or none."""
    old, new = stored(language), Catalog(locale=language)
    for source, message in messages():
        known = old.get(message)
        new.add(message, known.string if known else None, locations=[(source, 0)])
    return new


def written(catalog: Catalog) -> bytes:
    """Our own header: Babel's holds the time of day."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + body.getvalue().strip() + b"\n"


def main() -> None:
    commands_page.write()
    for language in LANGUAGES:
        if language == WRITTEN_IN:
            continue
        catalog = updated(language)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(written(catalog))
        missing = sum(not message.string or not all(message.string) for message in catalog if message.id)
        print(f"{path_of(language).relative_to(HOUSE)}: {len(catalog)} messages, {missing} to translate")


if __name__ == "__main__":
    main()
