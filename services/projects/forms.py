"""Typed project forms: parsed, or refused with all problems."""

from typing import Any

from domain.refusals import FormRefused
from formats.captions.caption import FormError, FormErrors, ProjectForm, read_caption, read_value


def read_form(caption: str, currency: str) -> ProjectForm:
    """A caption that begins with /newproject."""
    try:
        return read_caption(caption, currency)
    except FormErrors as problem:
        raise FormRefused(errors=list(map(_as_facts, problem.errors))) from None


def read_field(key: str, value: str, currency: str) -> Any:
    """One line of it, as its key asks."""
    try:
        return read_value(key, value, currency)
    except FormErrors as problem:
        raise FormRefused(errors=list(map(_as_facts, problem.errors))) from None


def _as_facts(error: FormError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    return {"key": error.key, "value": error.value, "expected": error.expected, "facts": facts}
