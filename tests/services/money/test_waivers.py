"""Pay that a worker gives up to leave goes back to who paid it; what a bank sends back after they left does, too."""

import pytest

from domain.moments import HOUR, Moment, later, month_of
from domain.money.amounts import Millionths
from domain.money.funds import PayGivenBack
from domain.money.ledger import FEES, available_account, requester_account, topup_account
from domain.people.accounts import PersonId
from domain.people.personal_data import Farewell, ForgetQuestion, NothingErased, NotYetErased, PayWaived, WaiverQuestion
from domain.refusals import NotFound
from handlers.people.consents import WaivePay
from services.money import bonus, explanations, funds, payouts, settlement, statements, topups, transfers, wallet
from services.people import personal_data
from services.people.accounts import pseudonym_for
from storage import invariants
from storage.database import one_transaction
from storage.money.topups import MeasuredWindow
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import PAY, House, a_project, furnish, launch, settle_tasks
from tests.invariants.flows import turn
from tests.invariants.unpaid import IBAN, PAYER
from tests.services.people.test_qualifications import told_of

ROSA = 4_242


def both(unit: UnitOfWork) -> tuple[House, PersonId]:
    """Anna paid three answers and a bonus, Rosa the latest two."""
    house = furnish(unit, workers=1, tasks=3, overlap=1)
    rosa = unit.people.upsert(ROSA, "rosa", "Rosa", "fr", unit.now)
    unit.people.make_requester(rosa.id, True)
    transfers.post_deposit(unit, unit.people.get(rosa.id), Millionths(10_000_000), "EUR", "rosa", "")
    hers = unit.projects.add(a_project(rosa.id, unit.now, overlap=1, title="Hers"))
    settle_tasks(unit, hers, rosa.id, 2, gold=0)
    while turn(unit, house.workers[0]):
        pass
    launch(unit, rosa.id, hers)
    while turn(unit, house.workers[0]):
        pass
    return house, rosa.id


def pay_out(unit: UnitOfWork, worker: PersonId, amount: str) -> None:
    """Through the bank."""
    act, payer = act_of(unit, worker), act_of(unit, worker)
    if unit.payees.find_current(worker) is None:
        payouts.ask_for_holder(unit, act.person)
        payouts.take_account_answer(unit, act.person, "Ann Doe")
        payouts.take_account_answer(unit, act.person, IBAN)
    payouts.request_typed(payer, amount)
    number = unit.payouts.count(worker)
    settlement.make_bank_file(act_of(unit, worker, payer=PAYER), 0, "EUR")
    settlement.decide_payout(act, number, "paid", "")


def free(unit: UnitOfWork, who: PersonId) -> int:
    return unit.ledger.balance(requester_account(unit.people.get(who)), "EUR")


def test_waived_pay_returns_to_its_payers_latest_first(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        pay_out(unit, ann, "0.12")
        before = {who: free(unit, who) for who in (house.requester, rosa)}
        question = press(act_of(unit, ann), WaivePay(sure=0, amount=0, currency="EUR"))
        assert question == WaiverQuestion(130_000, "EUR", 0)
        assert press(act_of(unit, ann), WaivePay(sure=2, amount=130_000, currency="EUR")) == NothingErased()
        stale = press(act_of(unit, ann), WaivePay(sure=1, amount=250_000, currency="EUR"))
        assert stale == question
        done = press(act_of(unit, ann), WaivePay(sure=1, amount=130_000, currency="EUR"))
        assert isinstance(done, tuple)
        waived, asked = done
        assert isinstance(waived, PayWaived)
        assert asked == ForgetQuestion((), False, True)
        given = {who: free(unit, who) - had for who, had in before.items()}
        assert given == {rosa: 2 * PAY, house.requester: 30_000}
        assert unit.ledger.balance(available_account(unit.people.get(ann)), "EUR") == 0
        again = press(act_of(unit, ann), WaivePay(sure=1, amount=130_000, currency="EUR"))
        assert again == ForgetQuestion((), False, True)
        (told,) = told_of(unit, rosa, PayGivenBack)
        assert told["amount"] == 2 * PAY
        for who, side in ((ann, "worker"), (rosa, "requester")):
            explained = explanations.explain_operation(act_of(unit, who), told["operation"])
            assert (explained.movement, explained.side, explained.amount) == ("waived", side, 2 * PAY)
        assert [each.kind for each in wallet.show_balance(act_of(unit, ann)).entries][:2] == ["waived", "waived"]
        (account,) = statements.read_statement(unit, unit.people.get(ann), month_of(now), "EUR")
        assert (account.sum_by_line_name()["waived"], account.sum_by_line_name()["answers"], account.after.total) == (
            -130_000,
            250_000,
            0,
        )
        assert invariants.find_violations(unit) == []


def test_figures_for_authorities_and_accounts_of_projects_add_up(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        press(act_of(unit, ann), WaivePay(sure=1, amount=250_000, currency="EUR"))
        (line,) = statements.cost_rows(unit, 2027, 1, unit.people.get(rosa))
        assert [str(cell) for cell in line[5:]] == ["2", "0.10", "0.01", "0.00", "0.00", "0.00", "-0.10", "0.01"]
        (spent,) = funds.read_funds(act_of(unit, rosa)).projects
        assert spent.given == spent.held + spent.rewards + spent.fees + spent.returned + spent.reserve


def test_a_bonus_that_was_given_up_came_back_in_the_costs(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        bonus.give(act_of(unit, rosa), pseudonym_for(unit, rosa, ann), "0.20 very careful")
        press(act_of(unit, ann), WaivePay(sure=1, amount=450_000, currency="EUR"))
        bonuses, project = statements.cost_rows(unit, 2027, 1, unit.people.get(rosa))
        assert [str(cell) for cell in bonuses[5:]] == ["0", "0.00", "0.00", "0.00", "0.20", "0.00", "-0.20", "0.00"]
        assert [str(cell) for cell in project[5:]] == ["2", "0.10", "0.01", "0.00", "0.00", "0.00", "-0.10", "0.01"]
        (free_,) = funds.read_funds(act_of(unit, rosa)).free
        assert free_.bonuses == 0  # given, and given back
        ours = statements.cost_rows(unit, 2027, 1, unit.people.get(house.requester))
        assert [line[2] for line in ours] == [house.project]
        assert sorted(statements.cost_rows(unit, 2027, 1), key=str) == sorted([*ours, bonuses, project], key=str)
        assert statements.cost_rows(unit, 2027, 2, unit.people.get(rosa)) == []
        assert invariants.find_violations(unit) == []


def test_waived_pay_of_erased_payers_goes_to_the_fees(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        act = act_of(unit, rosa)
        transfers.post_refund(unit, act.person, Millionths(free(unit, rosa)), "EUR", "rosa", "")
        assert isinstance(personal_data.begin_erasure(act), Farewell)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        assert unit.people.get(rosa).telegram_id is None
        fees = unit.ledger.balance(FEES, "EUR")
        question = press(act_of(unit, ann), WaivePay(sure=0, amount=0, currency="EUR"))
        assert question == WaiverQuestion(250_000, "EUR", 2 * PAY)
        press(act_of(unit, ann), WaivePay(sure=1, amount=250_000, currency="EUR"))
        assert unit.ledger.balance(FEES, "EUR") - fees == 2 * PAY
        assert invariants.find_violations(unit) == []


def test_costs_of_erased_requesters_stay_in_the_reports(database_url: str, now: Moment) -> None:
    """Without a name: projects and bonuses."""
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        bonus.give(act_of(unit, rosa), pseudonym_for(unit, rosa, ann), "0.20 very careful")
        transfers.post_refund(unit, unit.people.get(rosa), Millionths(free(unit, rosa)), "EUR", "rosa", "")
        assert isinstance(personal_data.begin_erasure(act_of(unit, rosa)), Farewell)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        bonuses, hers, ours = statements.cost_rows(unit, 2027, 1)
        assert [line[1] for line in (bonuses, hers, ours)] == [None, None, 1_000]
        assert [str(cell) for cell in bonuses[5:]] == ["0", "0.00", "0.00", "0.00", "0.20", "0.00", "0.00", "0.20"]
        assert (hers[3], str(hers[-1])) == ("Hers", "0.11")


def test_a_payout_returned_after_its_worker_left_goes_to_the_payers(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        pay_out(unit, ann, "all")
        assert isinstance(personal_data.begin_erasure(act_of(unit, ann)), Farewell)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        gone = unit.people.get(ann)
        assert gone.telegram_id is None
        before = {who: free(unit, who) for who in (house.requester, rosa)}
        settlement.decide_payout(act_of(unit, house.requester), 1, "failed", "account closed")
        given = {who: free(unit, who) - had for who, had in before.items()}
        assert given == {rosa: 2 * PAY, house.requester: 3 * PAY}
        assert unit.ledger.balance(available_account(gone), "EUR") == 0
        assert [each["amount"] for each in told_of(unit, rosa, PayGivenBack)] == [2 * PAY]
        assert invariants.find_violations(unit) == []


def test_money_returned_after_a_waiver_goes_to_its_own_payers(database_url: str, now: Moment) -> None:
    """Rosa's two answers were given up before, Anna's three were on their way to the bank."""
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        before = {who: free(unit, who) for who in (house.requester, rosa)}
        pay_out(unit, ann, "0.15")
        press(act_of(unit, ann), WaivePay(sure=1, amount=2 * PAY, currency="EUR"))
        assert {who: free(unit, who) - had for who, had in before.items()} == {rosa: 2 * PAY, house.requester: 0}
        assert isinstance(personal_data.begin_erasure(act_of(unit, ann)), Farewell)
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
        settlement.decide_payout(act_of(unit, house.requester), 1, "failed", "account closed")
        given = {who: free(unit, who) - had for who, had in before.items()}
        assert given == {rosa: 2 * PAY, house.requester: 3 * PAY}
        assert invariants.find_violations(unit) == []


def test_pay_earned_after_a_waiver_is_waived_first(database_url: str, now: Moment) -> None:
    """A bonus of Rosa's, given up, leaves the next one hers."""
    with one_transaction(database_url, now) as unit:
        house, rosa = both(unit)
        (ann,) = house.workers
        name, anna = pseudonym_for(unit, rosa, ann), pseudonym_for(unit, house.requester, ann)
        pay_out(unit, ann, "0.25")
        for given_up in (200_000, 50_000):
            bonus.give(act_of(unit, rosa, key=f"r{given_up}"), name, f"{given_up / 1_000_000:.2f} very careful")
            before = free(unit, rosa)
            press(act_of(unit, ann), WaivePay(sure=1, amount=given_up, currency="EUR"))
            assert free(unit, rosa) - before == given_up
        bonus.give(act_of(unit, house.requester), anna, "0.10 very careful")
        settlement.decide_payout(act_of(unit, house.requester), 1, "failed", "account closed")
        before = {who: free(unit, who) for who in (house.requester, rosa)}
        press(act_of(unit, ann), WaivePay(sure=1, amount=350_000, currency="EUR"))
        given = {who: free(unit, who) - had for who, had in before.items()}
        assert given == {rosa: 2 * PAY, house.requester: 3 * PAY + 100_000}
        assert invariants.find_violations(unit) == []


def gone(url: str, now: Moment) -> tuple[House, PersonId]:
    """Ann was paid all she had, and left."""
    with one_transaction(url, now) as unit:
        house, rosa = both(unit)
        pay_out(unit, house.workers[0], "all")
        assert isinstance(personal_data.begin_erasure(act_of(unit, house.workers[0])), Farewell)
    with one_transaction(url, later(now, 2 * HOUR)) as unit:
        personal_data.finish_erasures(unit)
    return house, rosa


def test_a_bonus_during_the_goodbye_asks_the_worker_again(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, _ = both(unit)
        (ann,) = house.workers
        pay_out(unit, ann, "all")
        assert isinstance(personal_data.begin_erasure(act_of(unit, ann)), Farewell)
        bonus.give(act_of(unit, house.requester), pseudonym_for(unit, house.requester, ann), "0.20 very careful")
    with one_transaction(database_url, later(now, 2 * HOUR)) as unit:
        for _ in range(2):
            personal_data.finish_erasures(unit)
        assert unit.people.get(ann).telegram_id is not None
        assert len(told_of(unit, ann, NotYetErased)) == 1
        (asked,) = told_of(unit, ann, ForgetQuestion)
        assert [(each["what"], each["amount"]) for each in asked["open"]] == [("available", 200_000)]


def test_a_bonus_to_a_worker_who_left_is_refused(database_url: str, now: Moment) -> None:
    house, _ = gone(database_url, now)
    with one_transaction(database_url, now) as unit:
        act = act_of(unit, house.requester)
        ((answered,),) = unit.connection.all("SELECT min(id) FROM transfers WHERE kind = 'reward'")
        name = pseudonym_for(unit, house.requester, house.workers[0])
        for who in (f"#{answered}", name):
            with pytest.raises(NotFound) as refused:
                bonus.give(act, who, "1.00 very careful")
            assert refused.value.facts["what"] == "worker gone"


def test_a_top_up_that_comes_too_late_goes_back(database_url: str, now: Moment) -> None:
    house, _ = gone(database_url, now)
    with one_transaction(database_url, now) as unit:
        before, project = free(unit, house.requester), unit.projects.get(house.project)
        unit.topups.store_promise(project.id, 1_000_000, 10_000, 10_000)
        unit.connection.changed("UPDATE submissions SET measured_in = NULL WHERE project = :p", p=project.id)
        unit.topups.store_window(project.id, MeasuredWindow(1, 3, 1, 10_000, 10_000, 0))
        accounts = requester_account(unit.people.get(house.requester)), topup_account(project.id)
        topups.move_reserve(unit, project, "reserve", *accounts, 30_000)
        topups.pay_due_topups(unit, project)
        assert unit.topups.list_owed(project.id) == []
        assert unit.ledger.balance(available_account(unit.people.get(house.workers[0])), "EUR") == 0
        assert free(unit, house.requester) == before
        assert [each for each in invariants.find_violations(unit) if each.rule <= 6] == []
