"""Metrics of money: correct, cheap, and without personal data."""

import re

from domain.moments import MINUTE, Moment
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, FEES, RuleVerified, Transfer
from domain.people.accounts import Person
from services.money import ledger
from services.money.ledger import Examination
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.architecture.source import ROOT, texts
from tests.house import REQUESTER, settle_requester
from web.metrics import FAMILIES, MoneyFigures, balance_figures, to_prometheus_text

DEPOSITS = 'pouce_transfers_total{currency="EUR",kind="deposit"}'
PAID_IN = 'pouce_transferred_total{currency="EUR",kind="deposit"}'


def look(unit: UnitOfWork, admin: Person) -> None:
    found = Examination((*ledger.examine_rules(unit), RuleVerified(99, 2, ())), unit.now)
    ledger.show_verification(act_of(unit, admin.id), found)


async def test_money_is_counted_as_it_is_sealed_and_read_once_a_minute(database: Database, now: Moment):
    moment = now

    def pay_in(unit: UnitOfWork) -> None:
        unit.ledger.post(Transfer("d2", "deposit", BANK, FEES, Millionths(1), "EUR"))
        unit.hash_chain.seal(10)

    money = MoneyFigures(database, lambda: moment)
    rosa = await database.transact(settle_requester, now)
    await database.transact(lambda unit: unit.hash_chain.seal(10), now)
    first = await money.figures()
    assert (first[DEPOSITS], to_prometheus_text({PAID_IN: first[PAID_IN]}).splitlines()[-1]) == (1, f"{PAID_IN} 100")
    assert "pouce_verify_broken_rules" not in first
    await database.transact(pay_in, now)
    await database.transact(look, now, rosa)
    moment = Moment(now + MINUTE - 1)
    assert await money.figures() == first
    moment = Moment(now + MINUTE)
    later = await money.figures()
    assert (later[DEPOSITS], to_prometheus_text({PAID_IN: later[PAID_IN]}).splitlines()[-1]) == (
        2,
        f"{PAID_IN} 100.000001",
    )
    assert later['pouce_book_sum{currency="EUR"}'] == 0
    assert (later["pouce_verify_broken_rules"], later["pouce_verify_time_seconds"]) == (1, now / 1000)
    assert str(REQUESTER) not in to_prometheus_text(later)


def test_a_book_that_does_not_sum_to_nothing_shows():
    told = to_prometheus_text(
        balance_figures([("EUR", "bank", -5_000_000), ("EUR", "workers", 4_999_999), ("USD", "fees", 0)])
    )
    assert 'pouce_book_sum{currency="EUR"} -0.000001\n' in told
    assert 'pouce_book_sum{currency="USD"} 0\n' in told


def test_every_figure_is_made_and_in_the_manual():
    written = [text for _, text in texts("web", "bot")]  # once in FAMILIES, and where the figure is made
    assert [name for name in FAMILIES if sum(bool(re.match(rf"{name}\b", text)) for text in written) < 2] == []
    manual = (ROOT / "docs/how-to/monitor.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `(pouce_\w+)`[^|]*\| (.+) \|$", manual, re.MULTILINE)) == FAMILIES


def test_the_dashboard_asks_for_figures_there_are():
    asked = re.findall(r"\bpouce_\w+", (ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    assert asked
    assert set(asked) - set(FAMILIES) == set()
