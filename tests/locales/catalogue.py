"""Every message of the code, and each language's catalogue brought up to it: `python -m tests.locales.catalogue`.

The same command writes the tables of docs/reference/ that are drawn from the code.

Translations are kept by their message, word for word: a message whose English changes is translated anew, never
guessed. The files carry no line numbers and no dates, so that a difference shows words and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from domain.extensions import find_extensions
from formats.errors import EXPECTED, WARNINGS
from handlers.routes import TABLE
from locales.languages import LANGUAGES
from tests.architecture import reference_tables

HOUSE = Path(__file__).parents[2]
ROOMS = ("bot", "handlers", "jobs", "locales", "web")
KEYWORDS = {"t": None, "plain": None, "n": (1, 2)}
WRITTEN_IN = "en"

Message = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of the core or of an extension: `rooms` are the folders with its code, `folder` holds its catalogues,
    `package` begins the names of the modules with its commands."""

    package: str
    folder: Path
    rooms: tuple[Path, ...]

    def path_of(self, language: str) -> Path:
        return self.folder / language / "LC_MESSAGES" / "pouce.po"


CORE = Texts("handlers", HOUSE / "locales", tuple(HOUSE / room for room in ROOMS))


def all_texts() -> list[Texts]:
    """The core's, then those of the extensions."""
    folders = {name: HOUSE / name.replace(".", "/") for name in find_extensions()}
    return [CORE, *(Texts(name, folder / "locales", (folder,)) for name, folder in folders.items())]


def messages(texts: Texts) -> Iterator[tuple[str, Message]]:
    """(source file, message), file by file in the order of their lines; a plural is (one, many)."""
    for source in sorted(path for room in texts.rooms for path in room.rglob("*.py")):
        for _, message, _, _ in extract_from_file("python", source, keywords=KEYWORDS):
            yield source.relative_to(HOUSE).as_posix(), message
    if texts == CORE:
        for text in (*EXPECTED.values(), *WARNINGS.values()):
            yield "formats/errors.py", text
    for route in TABLE.routes:
        if route.command and route.means and route.payload.__module__.startswith(f"{texts.package}."):
            yield from (("handlers/routes", text) for text in (route.usage, route.means) if text)


def stored(language: str, texts: Texts) -> Catalog:
    """The catalogue as it is on disk; empty when there is none."""
    path = texts.path_of(language)
    return read_po(BytesIO(path.read_bytes()), locale=language) if path.is_file() else Catalog(locale=language)


def updated(language: str, texts: Texts) -> Catalog:
    """Every message of the code with the translation it has there or in the core, or none."""
    catalogs, new = (stored(language, texts), stored(language, CORE)), Catalog(locale=language)
    for source, message in messages(texts):
        known = next((entry for old in catalogs if (entry := old.get(message)) is not None), None)
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
    reference_tables.write()
    places = [(language, texts) for language, texts in product(LANGUAGES, all_texts()) if language != WRITTEN_IN]
    # All are read before the first is written: a text that moves keeps its translation.
    catalogs = {texts.path_of(language): updated(language, texts) for language, texts in places}
    for path, catalog in catalogs.items():
        if not len(catalog):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        missing = sum(not message.string or not all(message.string) for message in catalog if message.id)
        print(f"{path.relative_to(HOUSE)}: {len(catalog)} messages, {missing} to translate")


if __name__ == "__main__":
    main()
