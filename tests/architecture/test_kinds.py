"""An answer kind declares itself: nothing but its own two files names it (domain/answers, handlers/answers)."""

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from domain.answers import kind_of, list_kinds
from tests.architecture.source import ROOMS, imported, modules, named, tree

KINDS = set(list_kinds())
OWN = ("domain/answers", "handlers/answers")
PRODUCT = [room for room in ROOMS if room != "simulator"]
EVERYDAY = {"number", "text", "form"}  # words that name other things too, where they stand alone
QUOTED = re.compile(rf"'({'|'.join(sorted(KINDS))})'")  # in a statement, or in a type that is written as a string
MENTIONED = re.compile(rf"""["']({"|".join(sorted(KINDS))})["']""")
# Words that mean something else where they stand.
OTHERWISE = {
    "bot/delivery/attachments.py": ("a method of Telegram's", {"photo"}),
    "bot/delivery/telegram_calls.py": ("a parameter of Telegram's methods", {"photo"}),
    "bot/intake/processing.py": ("fields of Telegram's updates", {"text", "photo", "voice", "location"}),
    "domain/handing_in.py": ("how an answer is handed in", {"photo", "voice", "location"}),
    "domain/projects/tasks.py": ("how Telegram sends a file", {"photo", "voice"}),
    "domain/shapes/document.py": ("the corners of a polygon", {"points"}),
    "domain/shapes/shape.py": ("the corners of a polygon", {"points"}),
    "formats/captions/caption.py": ("keys of a caption", {"compare", "form"}),
    "formats/drawings.py": ("the corners of a polygon", {"points"}),
    "formats/labelstudio.py": ("Label Studio's controls", {"rating", "choices"}),
    "formats/delimited.py": ("Label Studio's controls", {"rating", "choices", "number", "text"}),
    "handlers/people/records.py": ("arguments of a file order", {"form", "text"}),
    "storage/secrets.py": ("a purpose of draws", {"choices"}),
}


def own(path: Path) -> bool:
    """Whether it is one of a kind's own two files."""
    return path.stem in KINDS and named(path.parent) in OWN


@cache
def literals(path: Path) -> dict[str, int]:
    """Every kind that a module names as a string, alone or in a statement, and the line."""
    found: dict[str, int] = {}
    if not MENTIONED.search(path.read_text(encoding="utf-8")):
        return found
    for node in ast.walk(tree(path)):
        for word in _named_by(node):
            found.setdefault(word, getattr(node, "lineno", 0))
    return found


def _named_by(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Constant):
        return (_words(node) - EVERYDAY) | set(QUOTED.findall(node.value) if isinstance(node.value, str) else ())
    if isinstance(node, ast.Dict):
        return _beside(node.keys)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return _beside(node.elts)
    if isinstance(node, ast.Compare) and any("kind" in ast.unparse(each) for each in (node.left, *node.comparators)):
        return set().union(*map(_words, (node.left, *node.comparators)))
    return set()


def _words(node: ast.AST | None) -> set[str]:
    return {node.value} & KINDS if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def _beside(nodes: Iterable[ast.AST | None]) -> set[str]:
    """Kinds that stand together in a table: there an everyday word is one too."""
    found = set().union(*map(_words, nodes))
    return found if len(found) > 1 or found - EVERYDAY else set()


def test_there_are_kinds_to_look_for():
    assert {"choice", "rank", "location"} <= KINDS
    assert {each for path in modules(*PRODUCT) if own(path) for each in (path.stem,)} == KINDS


def test_no_kind_is_named_outside_its_own_files():
    found = {named(path): literals(path) for path in modules(*PRODUCT) if not own(path)}
    excused = {where: words for where, (_, words) in OTHERWISE.items()}
    left = {
        where: {w: n for w, n in words.items() if w not in excused.get(where, ())} for where, words in found.items()
    }
    assert {where: words for where, words in left.items() if words} == {}


def test_every_excuse_is_needed():
    for where, (why, words) in OTHERWISE.items():
        (path,) = [path for path in modules(*PRODUCT) if named(path) == where]
        assert words <= set(literals(path)), (where, why)


def test_nobody_imports_the_rules_of_one_kind():
    """By its name as a module: that would be the same."""
    names = {f"{folder.replace('/', '.')}.{kind}" for folder in OWN for kind in KINDS}
    users = {named(path): imported(path) & names for path in modules(*PRODUCT) if named(path.parent) not in OWN}
    assert {where: used for where, used in users.items() if used} == {}


def test_one_kind_is_the_usual_one():
    assert [kind for kind in list_kinds() if kind_of(kind).is_default] == ["choice"]
