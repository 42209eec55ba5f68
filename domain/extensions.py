"""Extensions: optional packages in `extensions/`, which the core finds and never imports by name.

What an extension can add to asks for the extensions' modules of one name: `load_parts("subscribers")`. The names, and
what a module of that name declares, are listed in docs/explanation/extensions.md.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType

PACKAGE = "extensions"


@cache
def find_extensions() -> tuple[str, ...]:
    """Return the packages of the extensions that are installed, such as `extensions.mturk`, by name."""
    package = find_spec(PACKAGE)
    folders = (package.submodule_search_locations if package is not None else None) or ()
    return tuple(sorted(module.name for module in iter_modules(folders, f"{PACKAGE}.") if module.ispkg))


@cache
def load_parts(name: str) -> tuple[ModuleType, ...]:
    """Import and return the module `name` of each extension that has one."""
    names = (f"{extension}.{name}" for extension in find_extensions())
    return tuple(import_module(module) for module in names if find_spec(module) is not None)
