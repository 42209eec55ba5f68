"""The program's source as syntax trees: its modules, who imports whom, and how names and docstrings are written."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LAYERS = (
    *("bot", "handlers", "web", "services", "jobs", "domain", "storage", "formats", "reports", "locales"),
    *("extensions", "simulator"),
)
# Words that say nothing about what a variable or a function holds or does, where they stand alone.
_EMPTY = (
    "found told said asked each one made there known kept given shown wanted seen held left taken about of at other "
    "others again more first read put named called written heard here this that met done gone meant brought"
)
EMPTY_WORDS = frozenset(_EMPTY.split())
# Beginnings of a docstring whose sentence has no subject.
NO_SUBJECT = re.compile(
    r"(Of|What|Whether|Where|Who|Whom|Whose|To|The same|From|As|So|Once|Until|Without|With|In|By|For|After|Before|None"
    r"|Nobody|Nothing|Unless|That|Their|It|They|Those|How|All|Only|Never|Not|No|Beside|Behind|On|Said|Also)\b"
)
MAX_POSITIONAL_ARGUMENTS = 5
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """One production file, by its path from the project's folder."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        return ".".join(self.path.with_suffix("").parts)

    @property
    def layer(self) -> str:
        """Return the folder of its layer: `services`, or of an extension `extensions/mturk/services`."""
        return "/".join(self.path.parts[:3]) if self.path.parts[0] == "extensions" else self.path.parts[0]

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def defined_names(self) -> Iterator[str]:
        """Names of its classes, functions and constants, at the module's level."""
        for node in self.tree.body:
            if isinstance(node, Definition):
                yield node.name
            for target in node.targets if isinstance(node, ast.Assign) else ():
                if isinstance(target, ast.Name):
                    yield target.id

    def imported_names(self) -> Iterator[str]:
        """Names of modules, and of what stands in them, that the module imports anywhere."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)


@dataclass(frozen=True, slots=True)
class Words:
    """Counts of names and docstrings; the shares are those of words that explain nothing."""

    variables: Counter[str]
    functions: Counter[str]
    classes: Counter[str]
    docstrings: int
    without_subject: int
    long_calls: int

    @property
    def empty_variables(self) -> float:
        """Percentage of assigned variables whose name says nothing."""
        return (
            100 * sum(count for name, count in self.variables.items() if name in EMPTY_WORDS) / self.variables.total()
        )

    @property
    def empty_functions(self) -> float:
        """Percentage of functions whose name says nothing."""
        empty = sum(count for name, count in self.functions.items() if name.strip("_") in EMPTY_WORDS)
        return 100 * empty / self.functions.total()

    @property
    def subjectless(self) -> float:
        """Percentage of docstrings that begin without a subject."""
        return 100 * self.without_subject / self.docstrings


def read_modules(root: Path) -> list[Module]:
    """Return every production module with code of its own, in the order of their paths; `__init__.py` are left out."""
    paths = sorted(path for layer in LAYERS for path in (root / layer).rglob("*.py") if path.name != "__init__.py")
    return [Module(path.relative_to(root), path.read_text()) for path in paths]


def count_importers(modules: list[Module]) -> Mapping[str, int]:
    """Return how many production modules import each module, by its name."""
    names, importers = {module.name for module in modules}, Counter[str]()
    for module in modules:
        importers.update(names & set(module.imported_names()))
    return importers


def find_files_of(stem: str, modules: list[Module]) -> list[Module]:
    """Return the modules whose file, class, function or constant has this word in its name."""
    pattern = re.compile(rf"(?<![a-z]){stem}", re.IGNORECASE)
    return [
        module
        for module in modules
        if pattern.search(module.path.stem) or any(map(pattern.search, map(_apart, module.defined_names)))
    ]


def _apart(name: str) -> str:
    """Return a name with its words apart: `BoxesDrawn` as `Boxes_Drawn`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


def read_words(modules: list[Module]) -> Words:
    """Return the counts of names, docstrings and long calls over all modules."""
    variables, functions, classes = Counter[str](), Counter[str](), Counter[str]()
    docstrings = without_subject = long_calls = 0
    for node in (node for module in modules for node in ast.walk(module.tree)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            variables[node.id] += 1
        elif isinstance(node, ast.Call):
            long_calls += len(node.args) > MAX_POSITIONAL_ARGUMENTS
        elif isinstance(node, Definition):
            (classes if isinstance(node, ast.ClassDef) else functions)[node.name] += 1
            text = ast.get_docstring(node)
            docstrings += text is not None
            without_subject += bool(text and NO_SUBJECT.match(text))
    return Words(variables, functions, classes, docstrings, without_subject, long_calls)
