"""A function fits a glance, a module a sitting."""

from tests.architecture.source import ROOMS, ROOT, bodies, modules, named

LONGEST_BODY, LONGEST_HANDLER, LONGEST_MODULE = 25, 12, 900
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager", "managers"}
SHARED_LAYOUT = (
    *("handlers/refusals.py", "handlers/input_problems.py"),
    *("handlers/quotations.py", "handlers/screen.py"),
)
# Over the limit for a reason, which stands here.
BODIES = {
    "services/work/submit.py::submit_answer": "reads like the rulebook, from the press to the next task",
    "handlers/input_problems.py::bad_input": "a table",
    "bot/running.py::run": "what a process starts and stops, in order",
    "storage/work/submissions.py::add": "a row, a line for each column",
}


def test_function_bodies_fit_a_glance():
    limit = dict.fromkeys(ROOMS, LONGEST_BODY)
    long = {body.where: body.lines for body in bodies() if body.lines > limit[body.where.split("/")[0]]}
    assert {where: lines for where, lines in long.items() if not _excused(where)} == {}


def _excused(where: str) -> bool:
    """Screens are sentences: their bodies are layout, not logic."""
    return where in BODIES or is_of_a_topic(where)


def is_of_a_topic(where: str) -> bool:
    """Whether a body is in a module of handlers/ that lays out screens: a topic's, or one that topics share."""
    layer = where.split("/", 2)[2] if where.startswith("extensions/") else where
    is_topic = layer.count("/") > (where == layer)
    return layer.startswith("handlers/") and (is_topic or where.split("::")[0] in SHARED_LAYOUT)


def test_handlers_parse_call_and_answer():
    found = {body.where: body.lines for body in bodies("handlers") if not is_of_a_topic(body.where)}
    kept = {where: lines for where, lines in found.items() if "handlers/context.py" not in where}
    assert {where: lines for where, lines in kept.items() if lines > LONGEST_HANDLER} == {}


def test_modules_fit_a_sitting():
    sizes = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    long = {name: size for name, size in sizes.items() if size > LONGEST_MODULE}
    assert long == {}


def test_every_excuse_is_needed():
    long = {body.where for body in bodies() if body.lines > LONGEST_BODY}
    assert set(BODIES) <= long


def test_folders_and_files_answer_questions():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            assert path.stem not in FORBIDDEN, path


def test_the_rooms_are_those_that_are_drawn():
    here = {path.name for path in ROOT.iterdir() if (path / "__init__.py").is_file()}
    assert here <= {*ROOMS, "faults", "tests", "benchmarks"}
