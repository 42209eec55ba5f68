"""A requester's invoices, asked for by a program."""

from dataclasses import replace

from domain.moments import Moment
from extensions.eu_taxes.services.invoices import ask_for_buyer
from storage.database import Database
from storage.unit import UnitOfWork
from tests.extensions.eu_taxes.services.test_invoices import FEBRUARY, OPERATOR, issue, with_buyer
from tests.house import settle_requester
from tests.web.asker import asking, house_of, key_of
from tests.web.test_api_parity import list_unserved, service_name


def test_a_program_can_ask_for_whatever_the_chat_offers_a_requester():
    """Whom invoices name is an owner's word, given in the chat: a key may be a member's."""
    assert list_unserved("extensions.eu_taxes.") == {service_name(ask_for_buyer)}


async def test_a_program_lists_invoices_and_reads_their_files(database: Database, database_url: str, now: Moment):
    settled = await with_buyer(database, database_url, now)
    (issued,) = await issue(database, settled, FEBRUARY)
    house = replace(house_of(database, FEBRUARY), vat_rule="FR", operator=OPERATOR)

    def make_keys(unit: UnitOfWork) -> tuple[str, str]:
        other = unit.people.upsert(4_000, "ben", "Ben", "en", unit.now)
        unit.people.make_requester(other.id, True)
        return key_of(unit, house, settled.requester, "read"), key_of(unit, house, other.id, "read")

    key, other = await database.transact(make_keys, FEBRUARY)
    async with asking(house, key) as anna:
        page = (await anna.get("/invoices?limit=1")).body
        (invoice,) = page["invoices"]
        assert (page["buyer"][0], page["next_after"]) == ("Atelier Martin", None)
        assert (invoice["name"], invoice["gross"]) == (issued.name, issued.gross)
        assert (await anna.get(f"/invoices?after={invoice['invoice']}")).body["invoices"] == []
        path = f"/invoices/{invoice['invoice']}/file"
        file = await anna.ask("HEAD", path)
        assert (file.status, file.headers["Content-Type"]) == (200, "application/pdf")
        assert "2027-00001.pdf" in file.headers["Content-Disposition"]
        assert (await anna.with_key(other).get(path)).status == 404
        assert (await anna.with_key(other).get("/invoices")).body["invoices"] == []


async def test_a_service_without_a_vat_rule_has_no_invoices(database: Database, now: Moment):
    house = house_of(database, now)
    key = await database.transact(lambda unit: key_of(unit, house, settle_requester(unit).id, "read"), now)
    async with asking(house, key) as anna:
        assert (await anna.get("/invoices")).status == 404
