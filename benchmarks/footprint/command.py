"""`python -m benchmarks footprint`: how much of the program a maintainer meets, against the targets.

Files and lines by layer; modules with one importer; files of a few features, and of a new command as the worked
example of CONTRIBUTING has it; names and docstrings that explain nothing; files and functions that one press executes.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

from benchmarks.footprint.press import PressFootprint, measure_press
from benchmarks.footprint.source import LAYERS, Module, Words, count_importers, find_files_of, read_modules, read_words
from benchmarks.tables import WRITE, Goal, goals_table, keep

FEATURES = {"/bonus": "bonus", "petitions": "petition", "webhooks": "webhook", "/deposit": "deposit", "boxes": "box"}
EXAMPLE = "## Worked example"
MOST_FILES, MOST_LINES, MOST_PRESS, MOST_COMMAND, MOST_FEATURE, MOST_SINGLE = 420, 97_000, 45, 5, 7, 60
MOST_EMPTY_VARIABLES, MOST_EMPTY_FUNCTIONS, MOST_SUBJECTLESS = 1.0, 0.7, 5.0  # percent


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks footprint", description=__doc__)
    parser.add_argument("--write", action="store_true", help=WRITE)
    options = parser.parse_args(arguments)
    modules = read_modules(Path.cwd())
    words, press = read_words(modules), measure_press()
    reached = goals_table(goals(modules, words, press))
    text = "\n\n".join((layers_table(modules), words_line(words), press_line(press), reached))
    print(text)
    if options.write:
        keep("footprint", "How much a maintainer meets", "footprint", text)
    return 0


def layers_table(modules: list[Module]) -> str:
    """Return the table of files and lines by layer."""
    rows = ["| layer | files | lines |", "| --- | --: | --: |"]
    for layer in LAYERS:
        of_layer = [module for module in modules if module.path.parts[0] == layer]
        if of_layer:
            rows.append(f"| {layer} | {len(of_layer)} | {sum(module.lines for module in of_layer):,} |")
    return "\n".join([*rows, f"| **all** | {len(modules)} | {sum(module.lines for module in modules):,} |"])


def words_line(words: Words) -> str:
    """Return the figures of names that have no goal."""
    repeated = sum(count > 1 for count in words.classes.values())
    again = f"{repeated} names of classes are used more than once"
    return f"{again}; {words.long_calls} calls have more than five positional arguments."


def press_line(press: PressFootprint) -> str:
    """Return what a press executes, file by file."""
    files = ", ".join(f"`{file}`" for file in press.files)
    return f"An answer by button executes {press.functions} functions in {len(press.files)} files: {files}."


def goals(modules: list[Module], words: Words, press: PressFootprint) -> list[Goal]:
    """Return each figure beside its target."""
    importers = count_importers(modules)
    sizes = [
        Goal("production files", MOST_FILES, len(modules), unit="", most=True),
        Goal("production lines", MOST_LINES, sum(module.lines for module in modules), unit="", most=True),
        Goal("files that a press executes", MOST_PRESS, len(press.files), unit="", most=True),
        Goal("files of a new command", MOST_COMMAND, count_files_of_example(), unit="", most=True),
    ]
    features = [
        Goal(f"files of {name}", MOST_FEATURE, len(find_files_of(stem, modules)), unit="", most=True)
        for name, stem in FEATURES.items()
    ]
    single = sum(count == 1 for count in importers.values())
    repeated = Counter((module.layer, module.path.stem) for module in modules)
    return [
        *sizes,
        *features,
        Goal("modules with one importer", MOST_SINGLE, single, unit="", most=True),
        Goal("names of modules used twice in a layer", 0, sum(n > 1 for n in repeated.values()), unit="", most=True),
        Goal("variables that say nothing", MOST_EMPTY_VARIABLES, words.empty_variables, unit=" %", most=True),
        Goal("functions that say nothing", MOST_EMPTY_FUNCTIONS, words.empty_functions, unit=" %", most=True),
        Goal("docstrings without a subject", MOST_SUBJECTLESS, words.subjectless, unit=" %", most=True),
    ]


def count_files_of_example() -> int:
    """Return how many files of code and texts CONTRIBUTING's example of a new command touches, its test left out."""
    _, _, example = Path("CONTRIBUTING.md").read_text().partition(EXAMPLE)
    paths = re.findall(r"`((?:[a-z_A-Z]+/)+[a-z_]+\.(?:py|po|md))`", example.partition("\n## ")[0])
    return len({path for path in paths if not path.startswith("tests/")})
