"""Filed returns come to a database with data in it, on both databases."""

from dataclasses import replace

import pytest

from domain.moments import Moment
from domain.money.tax_forms import (
    Indicator,
    ReturnDocument,
    ReturnKind,
    SellerFigures,
)
from domain.people.accounts import PersonId
from services.money import tax_returns
from storage.database import one_transaction
from storage.money.tax_returns import SealedAnswers
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, new_tables_change_nothing_else

TABLES = "DROP TABLE tax_documents;\nDROP TABLE tax_messages;"
NOTHING = (0, 0, 0, 0)
DOCUMENT = """
INSERT INTO tax_documents (message, person, currency, indicator, reference, corrects, digest, consideration, fees,
  withheld, activities) VALUES (:message, :person, 'EUR', :indicator, :reference, :corrects, 'x', 0, 0, 0, 0)"""


def test_years_of_the_version_before_returns_may_be_filed(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    new_tables_change_nothing_else(database_url, "tax_returns", TABLES)
    with one_transaction(database_url, now) as unit:
        message = unit.tax_returns.insert_message(2020, "fr", "m1", ReturnKind.NEW, (Moment(1), Moment(2)), Moment(3))
        about = {"message": message, "person": house.workers[0]}
        assert unit.connection.changed(DOCUMENT, **about, indicator="OECD1", reference="d1", corrects=None) == 1
        goes_on(unit, house)
    for indicator, corrects in (("OECD2", None), ("OECD1", "d1")):
        with pytest.raises(Exception, match=r"(?i)check"), one_transaction(database_url, now) as unit:
            unit.connection.changed(DOCUMENT, **about, indicator=indicator, reference="d2", corrects=corrects)


def test_what_was_filed_before_copies_is_told_like_the_rest(database_url: str, now: Moment) -> None:
    house, figures = a_day(database_url, now), SellerFigures(PersonId(1), "EUR", NOTHING, NOTHING, NOTHING, NOTHING)
    figures = replace(figures, person=house.workers[0])
    with one_transaction(database_url, now) as unit:
        message = unit.tax_returns.insert_message(2020, "fr", "m1", ReturnKind.NEW, (Moment(1), Moment(2)), Moment(3))
        unit.tax_returns.add_document(
            message, ReturnDocument(Indicator.NEW, "d1"), "x", figures, SealedAnswers("s", "k")
        )
    drop = """
DROP INDEX tax_documents_waiting;
ALTER TABLE tax_documents DROP COLUMN told_at;
ALTER TABLE tax_documents DROP COLUMN quarters;"""
    new_tables_change_nothing_else(database_url, "tax_copies", drop, "tax_documents")
    with one_transaction(database_url, now) as unit:
        assert [each.quarters for each in unit.tax_returns.list_unsent_copies(9)] == [()]
        tax_returns.send_copies(unit)
        assert unit.tax_returns.list_unsent_copies(9) == []
        goes_on(unit, house)
