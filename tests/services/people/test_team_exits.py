"""What ends with a membership: launches that wait, letters on their way, addresses that are called, pushes, links of a
former owner, decisions."""

from dataclasses import asdict, replace

import pytest

from domain.fairness.first_look import LookApproved
from domain.moments import DAY, Moment
from domain.people.accounts import PersonId
from domain.people.teams import Right, TeamInviteLink, TeamNews
from domain.projects.preflight import RequesterDigest
from domain.projects.progress import ProjectProgress
from domain.projects.projects import ProjectId, ProjectState
from domain.projects.results import ProjectFile
from domain.refusals import InvitationOver, NotFound, NotInTeam, OwnMatter, TeamHalted
from handlers.fairness.first_look import ApproveLook
from handlers.people import teams
from handlers.people.api_keys import CreateApiKey, RevokeApiKey
from handlers.projects import launches, progress, results
from handlers.work.tasks import TypeWords
from jobs import exports
from jobs.exports import FilePart
from services.act import Act, Encryption
from services.people import team_spending, webhooks
from services.people.webhooks import WebhookRequest
from services.projects import progress as progress_service
from services.projects import results as results_service
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.invariants.flows import turn
from tests.services.people.test_teams import EURO, FREE, Office, again, office

ADMINS = frozenset({700, 701})


def admin(unit: UnitOfWork, number: int = 700) -> PersonId:
    return unit.people.upsert(number, None, f"Admin {number}", "en", unit.now).id


def asked_by_ben(house: Office, answers: int) -> ProjectId:
    """Ben asks for a launch that an admin looks at first."""
    draft = house.draft(answers)
    press(act_of(house.unit, house.ben, ADMINS, approve_first=True), launches.Launch(number=draft))
    return draft


@pytest.mark.parametrize("ends", ["leaves", "looks", "is stopped"])
async def test_who_may_spend_no_more_launches_nothing_through_an_admins_approval(
    database: Database, now: Moment, ends: str
):
    """Otherwise a member who asks for more than their limit, and leaves, would spend as the owner does."""

    def play(unit: UnitOfWork) -> None:
        house, ada = office(unit), admin(unit)
        draft = asked_by_ben(house, 200)
        if ends == "leaves":
            house.press(house.ben, teams.LeaveTeam(team=house.number, sure=True))
        elif ends == "is stopped":
            house.press(house.anna, teams.SetMemberCap(team=house.number, member=house.ben, cap=0))
            unit.people.make_requester(house.ben, False)
        else:
            house.press(house.anna, teams.SetMemberRole(team=house.number, member=house.ben, role="viewer"))
            house.press(house.anna, teams.SetMemberCap(team=house.number, member=house.ben, cap=0))
        press(act_of(unit, ada, ADMINS), ApproveLook(project=draft, version=1))
        assert (house.funds, unit.projects.get(draft).state) == (FREE, ProjectState.DRAFT)
        assert house.letters(house.anna, LookApproved.stored_as) == 1
        assert house.letters(house.anna, NotInTeam.stored_as) == 0
        house.press(house.anna, launches.Launch(number=draft))
        assert house.funds == FREE - 11 * EURO
        house.verify()

    await database.transact(play, now)


async def test_an_approval_starts_nothing_for_a_team_whose_owner_is_stopped(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, ada = office(unit), admin(unit)
        draft = asked_by_ben(house, 20)
        unit.people.make_requester(house.anna, False)
        press(act_of(unit, ada, ADMINS), ApproveLook(project=draft, version=1))
        assert (house.funds, unit.projects.get(draft).state) == (FREE, ProjectState.DRAFT)

    await database.transact(play, now)


async def test_letters_about_the_team_do_not_reach_a_member_who_was_removed(database: Database, now: Moment):
    """Results and progress that wait end; what is the person's own goes on."""

    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        running = house.draft()
        house.press(house.ben, launches.Launch(number=running))
        house.press(house.ben, results.GetResults(number=running, form="csv"))
        house.press(house.anna, results.GetResults(number=running, form="csv"))
        unit.people.make_requester(house.ben, True)
        house.press(house.ben, teams.ActForTeam(team=0))
        own = ProjectFile(running + 1000, "Own", "results", "csv", "running", now)
        unit.outbox.tell(house.ben, own)
        house.press(house.anna, teams.RemoveMember(team=house.number, member=house.ben, sure=True))
        assert waiting(house, house.ben, ProjectFile.stored_as) == 1
        assert waiting(house, house.ben, ProjectProgress.stored_as) == 0
        assert waiting(house, house.ben, TeamNews.stored_as) == 1
        assert waiting(house, house.anna, ProjectFile.stored_as) == 1

    await database.transact(play, now)


def waiting(house: Office, person: PersonId, screen: str) -> int:
    query = "SELECT count(*) FROM outbox WHERE person = :person AND screen = :screen AND state = 'waiting'"
    return int(house.unit.connection.all(query, person=person, screen=screen)[0][0])


async def test_a_link_made_before_the_team_was_handed_over_is_over(database: Database, now: Moment):
    """Its former owner, who may only look now, would join again as somebody without a limit."""

    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        link = house.press(house.anna, teams.InviteToTeam(team=house.number, role="spender", cap=0))
        assert isinstance(link, TeamInviteLink)
        house.press(house.anna, teams.HandOverTeam(team=house.number, member=house.ben, sure=True))
        with pytest.raises(InvitationOver):
            house.press(house.fred, teams.JoinTeam(token=link.code))

    await database.transact(play, now)


async def test_an_owner_without_the_requesters_role_hands_nothing_over(database: Database, now: Moment):
    """A team is no way round what an admin decided about its owner."""

    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        unit.people.make_requester(house.anna, False)
        with pytest.raises(TeamHalted):
            house.press(house.anna, teams.HandOverTeam(team=house.number, member=house.ben, sure=True))

    await database.transact(play, now)


async def test_an_admin_who_was_in_the_team_does_not_decide_about_it(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house, ada = office(unit), admin(unit)
        admin(unit, 701)
        link = house.press(house.anna, teams.InviteToTeam(team=house.number, role="viewer", cap=0))
        house.press(ada, teams.JoinTeam(token=link.code))  # type: ignore[attr-defined]
        draft = asked_by_ben(house, 20)
        house.press(ada, teams.LeaveTeam(team=house.number, sure=True))
        with pytest.raises(OwnMatter):
            press(act_of(unit, ada, ADMINS), ApproveLook(project=draft, version=1))

    await database.transact(play, now)


def sealed(house: Office, person: PersonId) -> Act:
    act = house.act(person)
    return replace(act, house=replace(act.house, encryption=Encryption(["a key"]), hub="https://hub.example"))


async def test_addresses_and_pushes_of_a_removed_member_get_nothing_more(database: Database, now: Moment):
    """Those of the others go on."""

    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        running = house.draft()
        house.press(house.ben, launches.Launch(number=running))
        for person in (house.ben, house.anna):
            webhooks.add_webhook(
                team_spending.act_for_chosen(sealed(house, person), Right.SPEND),
                WebhookRequest(f"https://pouce.example/{person}", ()),
            )
        press(sealed(house, house.ben), results.PushToHub(number=running))
        for words in ("ben/own", "hf_" + "a" * 34):
            press(sealed(house, house.ben), TypeWords(text=words))
        assert len(unit.hub_pushes.due(9)) == 1
        unit.webhooks.add_event(running, "question.asked", 0)
        webhooks.queue_calls(unit)
        house.press(house.anna, teams.RemoveMember(team=house.number, member=house.ben, sure=True))
        unit.webhooks.add_event(running, "question.asked", 0)
        webhooks.queue_calls(unit)
        calls = [call for calls in unit.webhooks.list_due_calls(9, 9) for call in calls]
        assert {(call.url, len(calls)) for call in calls} == {(f"https://pouce.example/{house.anna}", 2)}
        assert results_service.take_due_pushes(unit) == []

    await database.transact(play, now)


async def test_each_member_has_the_daily_digest_or_not(database: Database, now: Moment):
    def settle(unit: UnitOfWork) -> int:
        house = office(unit)
        for person in (house.anna, house.ben):
            project = house.draft()
            house.press(person, launches.Launch(number=project))
        return int(unit.connection.all("SELECT next_at FROM requester_digests")[0][0])

    def told(unit: UnitOfWork) -> list[int]:
        turned(unit)
        progress_service.send_digests(unit)
        house = again(unit)
        return [house.letters(each, RequesterDigest.stored_as) for each in (house.anna, house.ben, house.vera)]

    def switch(unit: UnitOfWork, on: bool) -> None:
        house = again(unit)
        house.press(house.anna, progress.SetDigest(on=on, team=house.number))

    due = await database.transact(settle, now)
    assert await database.transact(told, Moment(due)) == [1, 1, 0]
    await database.transact(switch, Moment(due), False)
    assert await database.transact(told, Moment(due + DAY)) == [1, 2, 0]
    await database.transact(switch, Moment(due + DAY), True)
    assert await database.transact(told, Moment(due + 2 * DAY)) == [2, 3, 0]


def turned(unit: UnitOfWork) -> None:
    """Fred answers one task in each of the team's projects, while the other one rests."""
    both = [project.id for project in unit.projects.list_of_requester(PersonId(-1))]
    for project, other in zip(both, reversed(both), strict=True):
        unit.projects.pause(other, "requester")
        assert turn(unit, again(unit).fred)
        unit.projects.resume(other, "requester")
        assert unit.projects.get(project).paused == ()


async def test_a_teams_button_in_the_chat_of_a_former_member_changes_nothing_of_their_own(
    database: Database, now: Moment
):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        unit.people.make_requester(house.ben, True)
        house.press(house.anna, teams.RemoveMember(team=house.number, member=house.ben, sure=True))
        house.press(house.ben, CreateApiKey())
        for payload in (RevokeApiKey(number=1, team=house.number), progress.SetDigest(on=False, team=house.number)):
            with pytest.raises(NotFound):
                house.press(house.ben, payload)
        assert len(unit.api_keys.list_keys(house.ben)) == 1
        assert unit.connection.all("SELECT 1 FROM requester_digests WHERE off = 1") == []

    await database.transact(play, now)


async def test_further_parts_of_a_file_do_not_go_to_a_member_who_left_meanwhile(database: Database, now: Moment):
    def play(unit: UnitOfWork) -> None:
        house = office(unit)
        project = unit.projects.get(house.draft())
        facts = asdict(ProjectFile(project.id, "t", "results", "files", "running", now, reader=house.ben))
        exports.order_further_parts(unit, project, facts, FilePart(1, 2, 5))
        assert waiting(house, house.ben, ProjectFile.stored_as) == 1
        house.press(house.ben, teams.LeaveTeam(team=house.number, sure=True))
        exports.order_further_parts(unit, project, {**facts, "ordered": now + 1}, FilePart(1, 2, 5))
        exports.order_next_part(unit, project, facts, 5, 2)
        assert waiting(house, house.ben, ProjectFile.stored_as) == 0

    await database.transact(play, now)
