"""The steps of a project's form as the wizard asks for them: which are left, how each is read, what is suggested."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from domain.answers import default_kind, kind_of
from domain.money.amounts import Millionths, as_decimal, from_decimal
from domain.money.effort import DECIDING
from domain.money.pricing import Terms, pay_for_floor
from domain.projects.draft_messages import WizardQuestion
from formats.captions.caption import ProjectForm
from services.projects.forms import read_field, read_form

ASKS = "question"  # the step of a form: its questions, a line each
LEFT_OUT = "-"  # the options may come from the file: its gold column, or the columns that are compared
QUESTIONS = ("title", "instructions", "kind", ASKS, "options", "seconds", "pay", "overlap")
MORE = ("seconds", "template", "content", "picture", "example")  # what is said beside them
BESIDE = ("picture", "example")  # steps that are asked on a press alone; each may come several times
EXAMPLE = BESIDE[1]
OF_EXAMPLE = "picture of example"  # a photo that came before its answer
AT = "at"  # the step that is asked once more
OVERLAPS = (1, 2, 3, 5)
READ = 8.0  # seconds to read a task of which nothing is known yet: some thirty words
ABOVE = (Decimal("1.15"), Decimal("1.5"), Decimal(2))  # of the pay that just reaches the floor
NO_FLOOR = Decimal(12)  # an hour, in the house's currency: what is suggested where no floor is set


def steps_of(values: Mapping[str, Any]) -> list[str]:
    """Of a form that was begun before kinds were asked for, the kind is the usual one."""
    known = kind_of(values.get("kind", default_kind()))
    left_out = {"kind"} if "options" in values and "kind" not in values else set()
    left_out |= set() if known.has_options and not known.usual_options else {"options"}
    left_out |= set() if known.asks_questions else {ASKS}
    left_out |= set() if known.is_errand or "seconds" in values else {"seconds"}
    return [name for name in QUESTIONS if name not in left_out]


def open_step(values: Mapping[str, Any]) -> str | None:
    """The step that is asked now: one that is asked once more, else the first without an answer."""
    if "caption" in values or "add" in values:
        return None
    steps = steps_of(values)
    if values.get(AT) in (*steps, *BESIDE):
        return str(values[AT])
    return next((name for name in steps if name not in values), None)


def step_before(values: Mapping[str, Any]) -> str:
    steps, now = steps_of(values), open_step(values)
    at = steps.index(now) if now in steps else len(steps)
    return steps[max(0, at - 1)]


def without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def is_begun(values: Mapping[str, Any]) -> bool:
    """Whether anything of the form was said."""
    return any(name in values for name in ("caption", *QUESTIONS))


def checked(step: str, value: str, currency: str, kind: str = default_kind()) -> str:
    """The words, if they can be parsed; a kind by its canonical name."""
    read = None if value == LEFT_OUT and step == "options" else read_field(step, value, currency, kind)
    return str(read) if step == "kind" else value


def one_more(values: dict[str, Any], step: str, words: str, currency: str) -> dict[str, Any]:
    """The form with it; `-` takes all of them away. Raises FormRefused."""
    if words == LEFT_OUT:
        return without(values, AT, step, OF_EXAMPLE)
    line = words if "|" in words or step != EXAMPLE else " | ".join(filter(None, map(str.strip, words.splitlines())))
    if step == EXAMPLE and OF_EXAMPLE in values:
        line = f"{values[OF_EXAMPLE]} | {line.partition('|')[2].strip()}"
    said = "\n".join(filter(None, (str(values.get(step, "")), line)))
    read_field(step, said, currency)
    return {**without(values, AT, OF_EXAMPLE), step: said}


def form_of(values: Mapping[str, Any], currency: str) -> ProjectForm | None:
    """None while a step is open."""
    if "caption" in values:
        return read_form(str(values["caption"]), currency)
    if open_step(values):
        return None
    asked = dict.fromkeys((*steps_of(values), *(name for name in MORE if name in values)))
    given = {name: values[name] for name in asked if values[name] != LEFT_OUT or name != "options"}
    kind = values.get("kind", default_kind())
    read = {name: read_field(name, value, currency, kind) for name, value in given.items()}
    if ASKS in read:
        read["options"] = read.pop(ASKS)
    read |= {f"{name}s": tuple(read.pop(name)) for name in BESIDE if name in read}
    return ProjectForm(**read, max_overlap=read["overlap"])


def said_of(values: Mapping[str, Any], currency: str) -> tuple[tuple[str, str], ...]:
    """What the form says so far, step by step."""
    beside = ((name, str(len(str(values[name]).splitlines()))) for name in BESIDE if name in values)
    return (*((name, said(name, values, currency)) for name in steps_of(values) if name in values), *beside)


def said(step: str, values: Mapping[str, Any], currency: str) -> str:
    """As it was said; a pay in millionths."""
    value = str(values.get(step, ""))
    return str(read_field(step, value, currency)) if step == "pay" and value else value


def suggested(step: str, values: Mapping[str, Any], terms: Terms) -> tuple[int, ...]:
    """Answers that are one press; a pay in millionths."""
    if step == "overlap":
        return OVERLAPS
    return pays(seconds_of(values, terms.currency), terms) if step == "pay" else ()


def question_of(values: dict[str, Any], step: str, terms: Terms) -> WizardQuestion:
    steps, paid = steps_of(values), step == "pay"
    return WizardQuestion(
        step=step,
        kind=values.get("kind", default_kind()),
        number=steps.index(step) + 1 if step in steps else len(steps) + 1,
        of=len(steps) + 1 if "kind" in values or "kind" not in steps else 0,
        now=said(step, values, terms.currency) if AT in values and step in steps else "",
        pictured=OF_EXAMPLE in values,
        suggested=suggested(step, values, terms),
        currency=terms.currency,
        seconds=seconds_of(values, terms.currency) if paid else 0.0,
        floor=terms.floor if paid else 0,
    )


def seconds_of(values: Mapping[str, Any], currency: str) -> float:
    """How long an answer may take: as was said, or a guess before the tasks are there."""
    if "seconds" in values:
        return float(read_field("seconds", str(values["seconds"]), currency))
    known = kind_of(values.get("kind", default_kind()))
    return DECIDING + READ + (0.0 if known.asks_questions else known.seconds(()))


def pays(seconds: float, terms: Terms) -> tuple[Millionths, ...]:
    """Above the wage floor, rounded up to the cent, or to two digits; the first is the least."""
    least = as_decimal(pay_for_floor(terms.floor, seconds)) if terms.floor else NO_FLOOR * Decimal(seconds) / 3600
    return tuple(dict.fromkeys(_round(least * times) for times in ABOVE))


def written(step: str, value: int) -> str:
    """A suggested answer as somebody would write it."""
    return f"{as_decimal(value).normalize():f}" if step == "pay" else str(value)


def _round(amount: Decimal) -> Millionths:
    step = max(Decimal("0.01"), Decimal(1).scaleb(amount.adjusted() - 1))
    return from_decimal((amount / step).to_integral_value(ROUND_CEILING) * step)
