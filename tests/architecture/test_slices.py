"""grep for one word finds its slice; every name that is used exists."""

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter

import pytest

from domain import refusals
from domain.messages import Message
from domain.refusals import Refusal
from handlers.payload import Payload
from handlers.routes import TABLE
from handlers.screen import SCREENS
from tests.architecture.source import ROOT, imported, modules, named, texts, tree

WINGS = {"people", "work", "projects", "quality", "money", "fairness"}
LAYERS = ("handlers", "services", "domain", "storage")
MOST_MODULES = 30


def folders() -> dict[str, int]:
    """How many modules each folder holds."""
    counted = Counter(str(path.parent.relative_to(ROOT)) for path in modules() if path.name != "__init__.py")
    return dict(counted)


def test_every_layer_has_the_same_wings():
    for layer in LAYERS:
        assert {path.name for path in (ROOT / layer).iterdir() if path.is_dir()} >= WINGS, layer


def test_a_folder_can_be_looked_over():
    assert {folder: count for folder, count in folders().items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("layer", ["bot", "jobs", "services", "storage", "formats"])
def test_modules_of_a_layer_import_in_no_circle(layer: str):
    files = {named(path).removesuffix(".py").removesuffix("/__init__"): path for path in modules(layer)}
    names = {name.replace("/", "."): path for name, path in files.items()}
    uses = {name: {module for module in imported(path) if module in names} - {name} for name, path in names.items()}
    TopologicalSorter(uses).prepare()  # raises CycleError, which names the circle


def test_every_message_is_told_somewhere():
    """Outside the modules that define and paint it."""
    painters = ("handlers/", "domain/")
    sources = [path.read_text(encoding="utf-8") for path in modules() if not named(path).startswith(painters)]
    words = Counter(re.findall(r"\w+", "\n".join(sources)))
    messages = [kind for kind in Message.__subclasses__() if kind.__module__.startswith("domain.")]
    assert messages
    assert [kind.__name__ for kind in messages if words[kind.__name__] < 2] == []  # imported, and used


def test_every_screen_paints_a_message_or_a_refusal():
    known = {kind.stored_as for kind in (*Message.__subclasses__(), *find_subclasses(Refusal))}
    assert SCREENS.keys() - known == set()


def find_subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """All refusals below this class, those of extensions, too."""
    for below in kind.__subclasses__():
        yield from (below, *find_subclasses(below))


def defined() -> dict[str, type[Refusal]]:
    return {
        name: kind
        for name, kind in vars(refusals).items()
        if inspect.isclass(kind) and issubclass(kind, Refusal) and kind is not Refusal
    }


def test_the_refusals_drawn_are_those_defined():
    """The tree in the docstring: names, and who stands under whom."""
    drawn: dict[str, str] = {}
    path = {0: "Refusal"}
    for line in (refusals.__doc__ or "").splitlines():
        match = re.match(r"([│ ]*)[├└]── (\w+)", line)
        if match:
            depth = len(match[1]) // 4 + 1
            drawn[match[2]] = path[depth - 1]
            path[depth] = match[2]
    assert drawn == {name: kind.__bases__[0].__name__ for name, kind in defined().items()}


def test_every_refusal_has_words():
    said = [kind for kind in defined().values() if not kind.__subclasses__()]
    assert [kind.__name__ for kind in said if f"refusals.{kind.__name__}" not in SCREENS] == []


def test_every_refusal_is_raised_somewhere():
    sources = [path.read_text(encoding="utf-8") for path in modules() if not named(path).startswith("domain/refusals")]
    made = set(re.findall(r"\b(\w+)\(", "\n".join(sources)))
    assert [name for name, kind in defined().items() if not kind.__subclasses__() and name not in made] == []


def test_every_button_has_a_handler():
    ours = [kind for kind in Payload.__subclasses__() if kind.__module__.startswith(("handlers.", "extensions."))]
    assert set(ours) == set(TABLE.by_payload)


def test_every_message_has_a_screen():
    told = {kind.stored_as for kind in Message.__subclasses__() if kind.__module__.startswith("domain.")}
    assert told
    assert told - SCREENS.keys() == set()


def test_nothing_waits_while_a_transaction_is_open():
    """What is asynchronous in services runs between transactions: it never holds a unit of work."""
    waiting = [
        f"{named(path)}::{node.name}"
        for path in modules("services", "domain", "storage")
        if "async def" in path.read_text(encoding="utf-8")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.AsyncFunctionDef)
        and any(ast.unparse(each.annotation) == "UnitOfWork" for each in node.args.args if each.annotation)
    ]
    assert waiting == []


def test_only_storage_commits():
    commits = [f"{where} {text}" for where, text in texts() if re.fullmatch(r"(?i)commit", text.strip())]
    assert [line for line in commits if not line.startswith("storage/")] == []


def test_a_command_is_lower_case_and_one_word():
    assert [name for name in TABLE.by_command if not re.fullmatch(r"[a-z]{1,32}", name)] == []
