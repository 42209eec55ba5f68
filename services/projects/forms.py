"""Typed project forms: parsed, or refused with all problems."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from domain.answers import Wants, default_kind, kind_of
from domain.projects.projects import ProjectId
from domain.refusals import FormRefused, NoPages
from formats.captions.caption import FormError, FormErrors, ProjectForm, read_caption, read_keys, read_value
from services.act import Act, House
from services.projects.ownership import mine


@dataclass(frozen=True, slots=True)
class Description:
    """A typed `/newproject`; no form where it has no lines."""

    caption: str
    form: ProjectForm | None


def check_pages(house: House, kind: str) -> None:
    """Raises NoPages for a kind that is answered on a page, where this house has no address for pages."""
    if kind_of(kind).wants is Wants.PAGE and not house.pages:
        raise NoPages()


def described(act: Act, form: str) -> Description:
    """Only read: what comes of it depends on where its file is."""
    return Description(form, read_form(form, act.house.terms.currency) if "\n" in form.strip() else None)


def addition(act: Act, number: ProjectId, address: str) -> tuple[ProjectId, str]:
    """More tasks of one's own project, at an address. Raises FormRefused."""
    return mine(act.unit, act.person, number).id, str(read_field("file", address, act.house.terms.currency))


def read_form(caption: str, currency: str) -> ProjectForm:
    """A caption that begins with /newproject."""
    with _refusing():
        return read_caption(caption, currency)


def is_whole(text: str, currency: str) -> bool:
    """All lines of a form without its command, right or wrong, where a title alone was asked for."""
    try:
        return "\n" in text and read_form(f"/newproject\n{text}", currency) is not None
    except FormRefused as wrong:
        return not any(each["key"] == "title" and each["expected"] == "required" for each in wrong.errors)


def form_of_keys(written: Mapping[str, str], currency: str) -> ProjectForm:
    """The keys of a caption, as a program sends them."""
    with _refusing():
        return read_keys(written, currency)


def read_field(key: str, value: str, currency: str, kind: str = default_kind()) -> Any:
    """One line of it, as its key asks, for answers of this kind."""
    with _refusing():
        return read_value(key, value, currency, kind)


@contextmanager
def _refusing() -> Iterator[None]:
    """What is wrong with a form, as a refusal."""
    try:
        yield
    except FormErrors as problem:
        raise FormRefused(errors=list(map(_as_facts, problem.errors))) from None


def _as_facts(error: FormError) -> dict[str, Any]:
    facts = {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in error.facts.items()}
    return {"key": error.key, "value": error.value, "expected": error.expected, "facts": facts}
