"""A worker's country: asked for once, where a project asks people of some countries; told or not, as they like."""

from domain.people.messages import CountryWanted
from domain.people.people import Person
from domain.projects.audience import OF_COUNTRIES, UNTOLD, conditions
from locales.countries import country_of, usual_countries
from storage.unit import UnitOfWork

LOOKED_AT = 50  # running projects that ask only some people
SUGGESTED = 6


def ask_once(unit: UnitOfWork, worker: Person) -> None:
    """Where there is no work for them, and a project wants people of some country."""
    chosen = unit.preferences.of(worker.id)
    if chosen.country or not _is_wanted(unit, worker):
        return
    unit.preferences.tell_country(worker.id, UNTOLD)
    unit.outbox.tell(worker.id, CountryWanted(suggested(unit, worker)))


def suggested(unit: UnitOfWork, worker: Person) -> tuple[str, ...]:
    """The country of their clock, then where their language is read."""
    clock = country_of(unit.preferences.known(worker.id).zone_name)
    found = (clock, *usual_countries(worker.language))
    return tuple(dict.fromkeys(code for code in found if code))[:SUGGESTED]


def _is_wanted(unit: UnitOfWork, worker: Person) -> bool:
    return any(
        each.name in OF_COUNTRIES
        for project in unit.projects.for_some(LOOKED_AT)
        if project.speaks(worker.language)
        for each in conditions(project.who)
    )
