"""Teams: the membership's row decides for whom somebody acts, what they may do, and how much they may set aside."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from domain.fairness.appeals import judges_pay
from domain.fairness.review import AnswerToReview
from domain.fairness.stops import ProjectForAdmin
from domain.messages import Message
from domain.moments import DAY, Moment, later
from domain.money.amounts import Millionths
from domain.money.funds import FundingAsked, FundingChoice
from domain.money.ledger import requester_account
from domain.money.payouts import Payer
from domain.people.accounts import PersonId
from domain.people.onboarding import NotUnderstood
from domain.people.teams import (
    CAP_PRESETS,
    INVITATION_LIFETIME,
    MAX_OWNED_TEAMS,
    Right,
    TeamCard,
    TeamInviteLink,
    TeamRole,
)
from domain.projects.launches import ProjectLaunched
from domain.projects.preflight import Preflight
from domain.projects.projects import ProjectId, ProjectState
from domain.refusals import (
    CapReached,
    FundsMissing,
    InvitationOver,
    NotAllowed,
    NotFound,
    NotInTeam,
    OwnAnswers,
    OwnMatter,
    Refusal,
    Suspended,
    TeamHalted,
    TeamOpen,
    TooManyTeams,
)
from formats.bank.iban import requester_reference
from handlers.fairness import stops
from handlers.fairness.first_look import ApproveLook
from handlers.fairness.review import AcceptAnswer, CiteLine, RejectAnswer, ShowReview
from handlers.fairness.stops import AppealStop
from handlers.money.deposits import Deposit, Refund
from handlers.money.explanations import Explain
from handlers.money.funds import ChooseFunding, Fund, FundAmount
from handlers.payload import Payload, unpack
from handlers.people import qualifications, teams
from handlers.people.api_keys import CreateApiKey, ListApiKeys, RevokeApiKey
from handlers.people.consents import AskToForget, Forget
from handlers.people.onboarding import Start
from handlers.projects import audience as audience_handlers
from handlers.projects import launches, preflight, progress, wizard
from handlers.screen import render
from handlers.work.tasks import TypeWords
from services.act import Act, Reply
from services.fairness import review
from services.fairness import stops as stops_service
from services.money import bonus, transfers
from services.people import api_keys, team_spending
from storage import invariants
from storage.database import Database
from storage.drivers.records import unpack as unpacked
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.handlers.screens.samples import stored
from tests.house import a_project, settle_requester, settle_tasks, settle_worker
from tests.invariants.flows import turn

EURO = 1_000_000
FREE = 100 * EURO
PAYER = Payer("Pouce", "FR1420041010050500013M02606", "AGRIFRPP")


@dataclass(frozen=True)
class Office:
    """Anna's team with 100 euros of its own; Ben may spend a cap, Vera may look, Fred is nobody in it."""

    unit: UnitOfWork
    team: PersonId
    anna: PersonId
    ben: PersonId
    vera: PersonId
    fred: PersonId

    @property
    def number(self) -> int:
        return -self.team

    @property
    def funds(self) -> int:
        return self.unit.ledger.balance(requester_account(self.unit.people.get(self.team)), "EUR")

    def act(self, person: PersonId, key: str = "1") -> Act:
        return act_of(self.unit, person, key=key)

    def press(self, person: PersonId, payload: Payload) -> object:
        return press(self.act(person), payload)

    def type(self, person: PersonId, words: str) -> object:
        return self.press(person, TypeWords(text=words))

    def draft(self, answers: int = 20) -> ProjectId:
        """A draft of the team that costs 0.055 euros an answer."""
        project = self.unit.projects.add(a_project(self.team, self.unit.now, overlap=1, max_overlap=1))
        settle_tasks(self.unit, project, self.team, answers, 0)
        return project

    def letters(self, person: PersonId, screen: str) -> int:
        rows = self.unit.connection.all(
            "SELECT count(*) FROM outbox WHERE person = :person AND screen = :screen", person=person, screen=screen
        )
        return int(rows[0][0])

    def verify(self) -> None:
        assert invariants.find_violations(self.unit) == []


def office(unit: UnitOfWork, cap: int = 2 * EURO) -> Office:
    unit.bots.note_accepted(1, "pouce_bot")
    anna = settle_requester(unit).id
    ben, vera, fred = (settle_worker(unit, number).id for number in range(3))
    press(act_of(unit, anna), teams.MakeTeam())
    press(act_of(unit, anna), TypeWords(text="Atelier Martin"))
    ((mine, _),) = unit.teams.list_memberships(anna)
    found = Office(unit, mine.team, anna, ben, vera, fred)
    for person, role, limit in ((ben, TeamRole.SPENDER, cap), (vera, TeamRole.VIEWER, 0)):
        link = found.press(anna, teams.InviteToTeam(team=found.number, role=role.value, cap=limit))
        assert isinstance(link, TeamInviteLink)
        found.press(person, teams.JoinTeam(token=link.code))
    transfers.post_deposit(unit, unit.people.get(found.team), Millionths(FREE), "EUR", "team", "")
    return found


async def test_a_member_launches_from_shared_funds_within_a_monthly_cap(database: Database, now: Moment):
    def launched(unit: UnitOfWork) -> None:
        house = office(unit)
        house.press(house.ben, launches.Launch(number=house.draft(20)))
        assert house.funds == FREE - 1_100_000
        assert house.letters(house.ben, ProjectLaunched.stored_as) == 1
        house.draft(20)

    def beyond(unit: UnitOfWork) -> None:
        again(unit).press(again(unit).ben, launches.Launch(number=drafted(unit)))

    def by_the_owner(unit: UnitOfWork) -> None:
        """Nothing of the refused launch is left."""
        house = again(unit)
        assert house.funds == FREE - 1_100_000
        house.press(house.anna, launches.Launch(number=drafted(unit)))
        assert house.funds == FREE - 2_200_000
        house.verify()

    await database.transact(launched, now)
    with pytest.raises(CapReached) as refused:
        await database.transact(beyond, now)
    told = {"needed": 1_100_000, "cap": 2 * EURO, "spent": 1_100_000, "left": 900_000, "currency": "EUR"}
    assert refused.value.facts == told
    await database.transact(by_the_owner, now)


async def test_missing_money_is_asked_for_under_the_reference_of_the_account_that_lacks_it(
    database: Database, now: Moment
):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)

        def asked(person: PersonId, payload: Payload) -> object:
            shown = press(act_of(unit, person, payer=PAYER), payload)
            return shown[0] if isinstance(shown, tuple) else shown

        def references(shown: Message | Refusal) -> set[str]:
            """Those that the buttons for adding money lead to."""
            facts = shown.facts if isinstance(shown, Refusal) else stored(shown)
            screen = render(shown.stored_as, facts, "en")
            assert "Atelier Martin" in screen.text
            found = [unpack(button.data) for row in screen.keyboard for button in row if button.data.startswith("fda:")]
            return {reference(asked(house.anna, each)) for each in found}

        def reference(shown: object) -> str:
            assert isinstance(shown, FundingAsked)
            assert shown.team == ("" if shown.reference == requester_reference(house.anna) else "Atelier Martin")
            return shown.reference

        card = asked(house.anna, preflight.Preview(number=house.draft(2_000)))
        choice = asked(house.anna, ChooseFunding())
        assert isinstance(card, Preflight)
        assert isinstance(choice, FundingChoice)
        for account in (house.number, 0):  # whatever account is chosen by now
            asked(house.anna, teams.ActForTeam(team=account))
            with pytest.raises(FundsMissing) as refused:
                asked(house.anna, launches.Launch(number=drafted(unit)))
            for shown in (card, choice, refused.value):
                assert references(shown) == {requester_reference(house.team)}
        assert reference(asked(house.anna, Fund(amount="5"))) == requester_reference(house.anna)
        for person, refusal in ((house.vera, NotInTeam), (house.fred, NotFound)):
            with pytest.raises(refusal):
                asked(person, FundAmount(amount=EURO, team=house.number))

    await database.transact(play, now)


async def test_of_two_launches_at_one_instant_one_is_within_the_cap(database: Database, now: Moment):
    def settle(unit: UnitOfWork) -> list[ProjectId]:
        house = office(unit)
        return [house.draft(20), house.draft(20)]

    def launching(number: ProjectId) -> Callable[[UnitOfWork], object]:
        return lambda unit: again(unit).press(again(unit).ben, launches.Launch(number=number))

    drafts = await database.transact(settle, now)
    jobs = [database.transact(launching(number), now) for number in drafts]
    ended = await asyncio.gather(*jobs, return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["CapReached", "Reply"]
    await database.transact(lambda unit: again(unit).verify(), now)


def drafted(unit: UnitOfWork) -> ProjectId:
    """The team's only draft."""
    (found,) = (each.id for each in unit.projects.list_of_requester(PersonId(-1)) if each.state is ProjectState.DRAFT)
    return found


def again(unit: UnitOfWork) -> Office:
    """The same office in a later transaction."""
    rows = unit.connection.all("SELECT id FROM people WHERE id > 0 ORDER BY id")
    return Office(unit, PersonId(-1), *(PersonId(row[0]) for row in rows))


async def test_a_viewer_accepts_answers_and_only_who_may_spend_rejects_them(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit, cap=3 * EURO)
        project = unit.projects.add(a_project(house.team, unit.now, overlap=1, max_overlap=1, accept="review"))
        settle_tasks(unit, project, house.team, 2, 0)
        house.press(house.ben, launches.Launch(number=project))
        for _ in range(2):
            turn(unit, house.fred)
        first, second = unit.reviews.list_waiting(project, 0, 2)
        shown = house.press(house.vera, ShowReview(project=project))
        assert isinstance(shown, AnswerToReview)
        assert not shown.spends
        for payload in (RejectAnswer(submission=first.id), CiteLine(submission=first.id, line=1)):
            with pytest.raises(NotInTeam):
                house.press(house.vera, payload)
        as_viewer = team_spending.act_for_team(house.act(house.vera), house.team, Right.LOOK)
        with pytest.raises(NotInTeam):  # a reason that her chat was asked for before
            review.reject_with_typed_reason(
                as_viewer, {"submission": first.id, "line": 1}, "It says the opposite at its end."
            )
        house.press(house.vera, AcceptAnswer(submission=first.id))
        spent = unit.team_spending.sum_of_member(house.team, house.ben, "EUR")
        house.press(house.ben, CiteLine(submission=second.id, line=1))
        house.type(house.ben, "It says the opposite in its last sentence.")
        assert unit.team_spending.sum_of_member(house.team, house.ben, "EUR") == spent + judges_pay(second.pay)
        house.verify()

    await database.transact(play, now)


async def test_a_viewer_sees_and_sets_nothing_aside_and_a_stranger_sees_nothing(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        draft = house.draft()
        assert house.press(house.vera, progress.ListProjects()).projects[0].number == draft  # type: ignore[attr-defined]
        house.press(house.vera, stops.ShowProject(number=draft))
        for payload in (launches.Launch(number=draft), progress.DeleteDraft(number=draft), CreateApiKey(scope="read")):
            with pytest.raises(NotInTeam):
                house.press(house.vera, payload)
        unit.people.make_requester(house.fred, True)
        for payload in (stops.ShowProject(number=draft), launches.Launch(number=draft)):
            with pytest.raises(NotFound):
                house.press(house.fred, payload)
        forged = (
            teams.ShowTeam(team=1),
            teams.ActForTeam(team=1),
            teams.SetMemberCap(team=1, member=house.ben, cap=0),
            teams.RemoveMember(team=1, member=house.ben, sure=True),
            teams.InviteToTeam(team=1, role="spender", cap=0),
        )
        for payload in forged:
            with pytest.raises(NotFound):
                house.press(house.fred, payload)
            if not isinstance(payload, teams.ShowTeam | teams.ActForTeam):
                with pytest.raises(NotInTeam):
                    house.press(house.ben, payload)
        house.press(house.anna, teams.SetMemberRole(team=house.number, member=house.vera, role="spender"))
        promoted = unit.teams.find_membership(house.team, house.vera)
        assert promoted is not None
        assert promoted.limit == CAP_PRESETS[0]
        house.verify()

    await database.transact(play, now)


async def test_removal_ends_old_buttons_keys_and_the_chosen_account_at_once(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        draft = house.draft()
        made = house.press(house.ben, CreateApiKey())
        used = api_keys.find_key_in_use(unit, made.key)  # type: ignore[attr-defined]
        assert used is not None
        assert (used.owner, used.member) == (house.team, house.ben)
        house.press(house.anna, teams.RemoveMember(team=house.number, member=house.ben, sure=True))
        assert api_keys.find_key_in_use(unit, made.key) is None  # type: ignore[attr-defined]
        assert unit.people.get(house.ben).acts_for is None
        with pytest.raises(NotAllowed):
            house.press(house.ben, progress.ListProjects())
        for payload in (launches.Launch(number=draft), stops.ShowProject(number=draft)):
            with pytest.raises((NotAllowed, NotFound)):
                house.press(house.ben, payload)
        house.verify()

    await database.transact(play, now)


async def test_an_invitation_is_for_one_person_and_seven_days(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        link = house.press(house.anna, teams.InviteToTeam(team=house.number, role="spender", cap=5 * EURO))
        assert isinstance(link, TeamInviteLink)
        assert link.link == f"https://t.me/pouce_bot?start={link.code}"
        stored = str(unit.connection.all("SELECT hash FROM team_invitations"))
        assert link.code not in stored
        house.press(house.fred, Start(token=link.code))
        assert unit.teams.find_membership(house.team, house.fred) is None
        with pytest.raises(InvitationOver, match="member"):
            house.press(house.ben, teams.JoinTeam(token=link.code))
        house.press(house.fred, teams.JoinByCode(action="join", token=link.code))
        guest = settle_worker(unit, 9).id
        guessed = link.code[:-1] + ("A" if link.code[-1] != "A" else "B")
        for token in (link.code, guessed, "team-", ""):
            with pytest.raises(InvitationOver):
                house.press(guest, teams.JoinTeam(token=token))
        ended = house.press(house.anna, teams.InviteToTeam(team=house.number, role="viewer", cap=0))
        house.press(house.anna, teams.EndTeamInvites(team=house.number))
        with pytest.raises(InvitationOver):
            house.press(guest, teams.JoinTeam(token=ended.code))  # type: ignore[attr-defined]
        house.press(house.anna, teams.InviteToTeam(team=house.number, role="viewer", cap=0))
        late = UnitOfWork(unit.connection, later(now, INVITATION_LIFETIME))
        assert (unit.teams.count_open_invitations(house.team), late.teams.count_open_invitations(house.team)) == (1, 0)
        house.verify()

    await database.transact(play, now)


async def test_the_account_chosen_decides_for_whom_and_the_projects_button_always_fits(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        own = unit.projects.add(a_project(house.anna, now, overlap=1, max_overlap=1))
        settle_tasks(unit, own, house.anna, 2, 0)
        theirs = house.draft()
        listed = [each.number for each in house.press(house.anna, progress.ListProjects()).projects]  # type: ignore[attr-defined]
        assert listed == [theirs]
        house.press(house.anna, launches.Launch(number=own))
        assert house.funds == FREE
        house.press(house.anna, teams.ActForTeam(team=0))
        listed = [each.number for each in house.press(house.anna, progress.ListProjects()).projects]  # type: ignore[attr-defined]
        assert listed == [own]
        house.press(house.anna, launches.Launch(number=theirs))
        assert house.funds == FREE - 1_100_000
        with pytest.raises(NotAllowed):
            house.press(house.ben, teams.ActForTeam(team=0))
        house.verify()

    await database.transact(play, now)


async def test_a_member_does_no_tasks_of_the_team_nor_decides_about_themselves(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        draft = house.draft()
        house.press(house.anna, launches.Launch(number=draft))
        for member in (house.anna, house.ben, house.vera):
            unit.enrolments.enrol(member, draft)
            enrolled = unit.enrolments.find(member, draft)
            assert enrolled is not None
            assert enrolled.barred is not None
        unit.enrolments.enrol(house.fred, draft)
        unit.connection.changed("UPDATE enrolments SET answered = 1 WHERE worker = :fred", fred=house.fred)
        link = house.press(house.anna, teams.InviteToTeam(team=house.number, role="viewer", cap=0))
        with pytest.raises(InvitationOver, match="project"):
            house.press(house.fred, teams.JoinTeam(token=link.code))  # type: ignore[attr-defined]

    await database.transact(play, now)


async def test_a_halted_owner_halts_the_team_and_no_team_is_made_around_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        draft = house.draft()
        unit.people.make_requester(house.anna, False)
        with pytest.raises(TeamHalted):
            house.press(house.ben, launches.Launch(number=draft))
        house.press(house.ben, stops.ShowProject(number=draft))
        for payload in (teams.MakeTeam(), progress.ListProjects()):
            with pytest.raises(NotAllowed):
                house.press(house.anna, payload)
        with pytest.raises(NotAllowed):
            house.press(house.ben, teams.MakeTeam())

    await database.transact(play, now)


async def test_the_ownership_is_handed_over_and_an_empty_team_is_closed(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        with pytest.raises(NotInTeam):
            house.press(house.anna, teams.LeaveTeam(team=house.number, sure=True))
        question = house.press(house.anna, AskToForget())
        assert [each.what for each in question.open] == ["funds", "teams"]  # type: ignore[attr-defined]
        house.press(house.anna, teams.HandOverTeam(team=house.number, member=house.ben, sure=True))
        assert unit.teams.find_owner(house.team) == house.ben
        house.press(house.anna, teams.LeaveTeam(team=house.number, sure=True))
        house.press(house.ben, teams.RemoveMember(team=house.number, member=house.vera, sure=True))
        with pytest.raises(TeamOpen):
            house.press(house.ben, teams.CloseTeam(team=house.number, sure=True))
        transfers.post_refund(unit, unit.people.get(house.team), Millionths(FREE), "EUR", "back", "")
        house.press(house.ben, Forget(sure=1))
        found = unit.teams.find(house.team)
        assert found is not None
        assert found.closed_at is not None
        house.verify()

    await database.transact(play, now)


async def test_a_team_hears_through_the_members_who_want_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        first, second = house.draft(2), house.draft(2)
        house.press(house.ben, launches.Launch(number=first))
        unit.teams.set_leader(second, house.anna)
        told = ProjectLaunched(first, "t", Millionths(1), "EUR")
        unit.outbox.tell(house.team, told, key="k")
        unit.outbox.tell(house.team, ProjectLaunched(second, "t", Millionths(1), "EUR"))
        counts = [house.letters(each, ProjectLaunched.stored_as) for each in (house.anna, house.ben, house.vera)]
        assert counts == [2, 2, 0]  # Ben's reply and the first project; Anna both
        house.press(house.anna, teams.HearTeam(team=house.number, what="none"))
        unit.outbox.tell(house.team, ProjectLaunched(second, "u", Millionths(1), "EUR"))
        assert house.letters(house.anna, ProjectLaunched.stored_as) == 3  # nobody wants it: the owner

    await database.transact(play, now)


async def test_caps_are_counted_a_month_and_teams_are_bounded(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        house.press(house.ben, launches.Launch(number=house.draft()))
        shown = house.press(house.ben, teams.ShowTeam(team=house.number))
        assert isinstance(shown, Reply)
        card = shown.message
        assert isinstance(card, TeamCard)
        assert [(each.member, each.spent) for each in card.members] == [(house.anna, 0), (house.ben, 1_100_000)]
        next_month = UnitOfWork(unit.connection, later(now, 31 * DAY))
        assert next_month.team_spending.sum_of_member(house.team, house.ben, "EUR") == 0
        for number in range(1, MAX_OWNED_TEAMS):
            house.press(house.anna, teams.MakeTeam())
            house.type(house.anna, f"Team {number}")
        with pytest.raises(TooManyTeams):
            house.press(house.anna, teams.MakeTeam())
        house.verify()

    await database.transact(play, now)


async def test_a_teams_bonus_never_reaches_a_member(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        team = unit.people.get(house.team)
        with pytest.raises(OwnAnswers):
            bonus._transfer(unit, team, house.ben, Millionths(EURO), "thanks", "EUR", "k")

    await database.transact(play, now)


async def test_a_key_list_is_of_the_chosen_account_and_its_buttons_end_no_other(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        house.press(house.anna, CreateApiKey())
        house.press(house.anna, teams.ActForTeam(team=0))
        house.press(house.anna, CreateApiKey())
        assert len(house.press(house.anna, ListApiKeys()).keys) == 1  # type: ignore[attr-defined]
        house.press(house.anna, RevokeApiKey(number=1, team=house.number))
        assert [len(unit.api_keys.list_keys(each)) for each in (house.anna, house.team)] == [1, 0]

    await database.transact(play, now)


async def test_a_launch_that_an_admin_approves_counts_for_the_member_who_asked(database: Database, now: Moment):
    """An admin in the team does not approve it where another one can."""

    def play(unit: UnitOfWork) -> None:
        house, admins = office(unit), frozenset({700, 701, unit.people.find_by_username("worker1").telegram_id})  # type: ignore[union-attr]
        ada, _ = (unit.people.upsert(number, None, f"Admin {number}", "en", now).id for number in (700, 701))
        drafts = house.draft(), house.draft()
        for draft in drafts:
            asked = press(act_of(unit, house.ben, admins, approve_first=True), launches.Launch(number=draft))
            assert "LaunchWaits" in str(asked)
        assert house.funds == FREE
        with pytest.raises(OwnMatter):
            press(act_of(unit, house.vera, admins), ApproveLook(project=drafts[0], version=1))
        for draft in drafts:
            press(act_of(unit, ada, admins), ApproveLook(project=draft, version=1))
        assert [unit.projects.get(draft).state.value for draft in drafts] == ["running", "draft"]
        assert unit.team_spending.sum_of_member(house.team, house.ben, "EUR") == 1_100_000
        assert house.letters(house.ben, CapReached.stored_as) == 1
        house.verify()

    await database.transact(play, now)


async def test_words_typed_for_a_team_are_the_teams_whatever_is_chosen_and_nobodys_after_a_removal(
    database: Database, now: Moment
):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        unit.people.make_requester(house.ben, True)
        house.press(house.ben, qualifications.MakeQualification(team=house.number))
        unit.people.set_acts_for(house.ben, None)
        house.type(house.ben, "name: Reads French\ndescription: Reads French well")
        owners = unit.connection.all("SELECT requester FROM qualification_types")
        assert owners == [(house.team,)]
        unit.people.set_acts_for(house.ben, house.team)
        house.press(house.ben, qualifications.MakeQualification(team=house.number))
        house.press(house.anna, teams.RemoveMember(team=house.number, member=house.ben, sure=True))
        assert isinstance(house.type(house.ben, "name: Reads German\ndescription: Reads German well"), NotUnderstood)

    await database.transact(play, now)


async def test_buttons_below_a_project_of_the_team_lead_to_what_is_the_teams_whatever_is_chosen(
    database: Database, now: Moment
):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)

        def below(shown: object, code: str) -> list[object]:
            """What the buttons of this kind bring, pressed by the owner while she works for herself."""
            message = shown.message if isinstance(shown, Reply) else shown
            assert isinstance(message, Message)
            rows = render(message.stored_as, stored(message), "en").keyboard
            return [
                house.press(house.anna, unpack(each.data)) for row in rows for each in row if each.data.startswith(code)
            ]

        house.press(house.anna, teams.ActForTeam(team=0))
        audience = house.press(house.anna, audience_handlers.ShowWho(number=house.draft()))
        ((own,), (blocked,)) = below(audience, "zq:"), below(audience, "zl:")
        assert (own.message.team, blocked.message.team) == ("Atelier Martin", "Atelier Martin")  # type: ignore[attr-defined]
        (wanted,) = below(own, "zm:")
        assert wanted.team == "Atelier Martin"  # type: ignore[attr-defined]
        house.type(house.anna, "name: Reads Breton\ndescription: You read short texts.")
        assert unit.connection.all("SELECT requester FROM qualification_types") == [(house.team,)]
        (again,) = below(house.press(house.anna, qualifications.ShowQualification(type_=1)), "zq:")
        assert [each.name for each in again.message.types] == ["Reads Breton"]  # type: ignore[attr-defined]
        unit.worker_blocks.add(house.team, house.fred, "Never reads what is asked.")
        (blocked,) = below(audience, "zl:")
        below(blocked, "zu:")
        assert unit.connection.all("SELECT count(*) FROM worker_blocks") == [(0,)]

    await database.transact(play, now)


async def test_a_movement_of_the_teams_money_is_explained_to_who_acts_for_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        house.press(house.ben, launches.Launch(number=house.draft()))
        ((number,),) = unit.connection.all("SELECT max(id) FROM transfers WHERE kind = 'launch'")
        assert house.press(house.vera, Explain(operation=number)).amount == 1_100_000  # type: ignore[attr-defined]
        with pytest.raises(NotFound):
            house.press(house.fred, Explain(operation=number))

    await database.transact(play, now)


async def test_a_member_is_erased_while_their_project_runs_and_may_be_in_two_teams(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        running = house.draft()
        house.press(house.ben, launches.Launch(number=running))
        unit.people.make_requester(house.fred, True)
        house.press(house.fred, teams.MakeTeam())
        house.type(house.fred, "Lab")
        link = house.press(house.fred, teams.InviteToTeam(team=2, role="viewer", cap=0))
        house.press(house.ben, teams.JoinTeam(token=link.code))  # type: ignore[attr-defined]
        assert unit.people.get(house.ben).acts_for == PersonId(-2)
        house.press(house.ben, progress.HoldProject(number=running, on=True))  # by its team, in which he may
        with pytest.raises(NotInTeam):
            house.press(house.ben, wizard.StartProject())
        house.press(house.ben, Forget(sure=1))
        assert [unit.teams.find_membership(team, house.ben) for team in (house.team, PersonId(-2))] == [None, None]
        unit.erasure.erase(unit.people.get(house.ben))
        assert unit.projects.get(running).state is ProjectState.RUNNING
        unit.outbox.tell(house.team, ProjectLaunched(running, "t", Millionths(1), "EUR"))
        assert house.letters(house.anna, ProjectLaunched.stored_as) == 1
        house.verify()

    await database.transact(play, now)


async def test_a_suspended_owners_team_rests_and_goes_on_when_it_is_lifted(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        running = house.draft()
        house.press(house.ben, launches.Launch(number=running))
        stop = unit.stops.add(None, house.anna, "a reason of substance", house.fred)
        assert stop is not None
        assert stops_service.enforce_suspension(unit, unit.people.get(house.anna), stop) == 1
        assert unit.projects.get(running).paused == ("suspended",)
        with pytest.raises(TeamHalted):
            house.press(house.ben, launches.Launch(number=house.draft()))
        with pytest.raises(Suspended):
            house.press(house.anna, teams.HandOverTeam(team=house.number, member=house.ben, sure=True))
        assert unit.stops.suspended_projects(house.anna) == [running]

    await database.transact(play, now)


async def test_an_admin_stops_a_team_whose_owner_makes_no_other_beside_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, admins = office(unit), frozenset({700})
        running = house.draft()
        house.press(house.ben, launches.Launch(number=running))
        ada = unit.people.upsert(700, None, "Ada", "en", now).id
        card = press(act_of(unit, ada, admins), stops.ShowProject(number=running))
        assert isinstance(card, Reply | ProjectForAdmin)
        shown = card.message if isinstance(card, Reply) else card
        assert isinstance(shown, ProjectForAdmin)
        data = [button.data for row in render(shown.stored_as, stored(shown), "en").keyboard for button in row]
        (button,) = (each for each in data if each and each.startswith("xs:"))
        press(act_of(unit, ada, admins), unpack(button))
        press(act_of(unit, ada, admins), TypeWords(text="These tasks are no tasks at all."))
        assert unit.projects.get(running).paused == ("suspended",)
        for payload in (launches.Launch(number=running), wizard.StartProject()):
            with pytest.raises((Suspended, TeamHalted)):
                house.press(house.ben, payload)
        for payload in (teams.MakeTeam(), teams.HandOverTeam(team=house.number, member=house.ben, sure=True)):
            with pytest.raises(TeamHalted):
                house.press(house.anna, payload)
        stop = unit.stops.find_suspension(house.team)
        assert stop is not None
        house.press(house.anna, AppealStop(stop=stop.id))
        house.verify()

    await database.transact(play, now)


async def test_money_that_comes_and_goes_is_said_of_the_team_it_is_of(database: Database, now: Moment):
    """Its owner has an account of their own, too."""

    def play(unit: UnitOfWork) -> None:
        house, admins = office(unit), frozenset({700})
        ada = unit.people.upsert(700, None, "Ada", "en", now).id
        for payload in (Deposit(who="team-1", amount="5"), Refund(who="team-1", amount="2")):
            press(act_of(unit, ada, admins, key=type(payload).__name__), payload)
        rows = unit.connection.all(
            "SELECT screen, facts FROM outbox WHERE person = :anna AND screen LIKE 'money.Funds%' ORDER BY id",
            anna=house.anna,
        )
        texts = [render(screen, unpacked(facts), "en").text for screen, facts in rows]
        assert ["Atelier Martin" in str(text) for text in texts] == [True, True]

    await database.transact(play, now)


async def test_a_cap_covers_its_last_millionth_and_not_one_more(database: Database, now: Moment):
    def spend(unit: UnitOfWork) -> None:
        house = office(unit, cap=2 * EURO)
        team = team_spending.require_within_cap(unit, house.team, house.ben, 2 * EURO, "EUR")
        assert team.limit == 2 * EURO
        with pytest.raises(CapReached) as refused:
            team_spending.require_within_cap(unit, house.team, house.ben, 2 * EURO + 1, "EUR")
        assert (refused.value.needed, refused.value.left) == (2 * EURO + 1, 2 * EURO)

    await database.transact(spend, now)
