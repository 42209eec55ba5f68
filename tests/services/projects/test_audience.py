"""Who is asked: each condition is kept where a task is offered; others never hear of the project."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import Person, PersonId
from domain.people.onboarding import Welcome
from domain.people.settings import CountryWanted
from domain.projects.projects import AudiencePage, Condition, Invited, InviteLink, ProjectId
from domain.refusals import BadInput, NotFound, NothingLeft, UnknownChoice, WrongState
from domain.work.assignments import AssignmentState
from formats.captions.caption import ProjectForm
from formats.tables.reading import read_tasks
from handlers.people.onboarding import Start
from handlers.people.settings import ChangeSetting, OpenSettings
from handlers.projects.audience import ChangeWho, EndInvitation, Invite, ShowWho
from handlers.projects.launches import Launch
from handlers.screen import render
from handlers.work.offers import ListTasks, TakeTask
from services.act import Reply
from services.projects import drafts
from services.projects.audience import resolve_conditions
from services.work import submit
from storage import invariants
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, a_project, furnish, launch, settle_requester, settle_tasks
from tests.invariants.flows import turn

Prepare = Callable[[UnitOfWork, House, PersonId], None]


def another(unit: UnitOfWork, house: House, tasks: int = 3, **changes: Any) -> ProjectId:
    project = unit.projects.add(a_project(house.requester, unit.now, **changes))
    settle_tasks(unit, project, house.requester, tasks, gold=0)
    launch(unit, house.requester, project)
    return project


def inviting(unit: UnitOfWork, house: House) -> tuple[ProjectId, InviteLink]:
    """Another project, and its link."""
    unit.bots.note_accepted(1, "pouce_bot")
    project = another(unit, house)
    link = press(act_of(unit, house.requester), Invite(number=project))
    assert isinstance(link, InviteLink)
    return project, link


def listed(unit: UnitOfWork, worker: PersonId) -> list[int]:
    reply = press(act_of(unit, worker), ListTasks())
    assert isinstance(reply, Reply)
    return [each.project for each in reply.message.offered]  # type: ignore[union-attr]


def in_france(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    press(act_of(unit, worker), ChangeSetting(what="country", value="FR"))


def in_canada(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    press(act_of(unit, worker), OpenSettings(place="country Canada"))


def answered(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    press(act_of(unit, worker), TakeTask(project=house.project))
    turn(unit, worker)


def qualified(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    unit.enrolments.enrol(worker, house.project)
    unit.enrolments.qualify(worker, house.project)


def right(of: int, seen: int) -> Prepare:
    def prepare(unit: UnitOfWork, house: House, worker: PersonId) -> None:
        qualified(unit, house, worker)
        for number in range(seen):
            unit.enrolments.count(worker, house.project, number < of, unit.now)

    return prepare


def came(unit: UnitOfWork, house: House, worker: PersonId) -> None:
    (some,) = unit.projects.for_some(1)
    link = press(act_of(unit, house.requester), Invite(number=some.id))
    assert isinstance(link, InviteLink)
    press(act_of(unit, worker), Start(token=link.link.partition("=")[2]))


@pytest.mark.parametrize(
    ("who", "prepare", "asked"),
    [
        ("country=FR|BE", in_france, True),
        ("country=FR|BE", in_canada, False),
        ("country=FR|BE", None, False),
        ("qualified=1", qualified, True),
        ("qualified=1", answered, False),
        ("good in=1", right(4, 5), True),
        ("good in=1", right(3, 5), False),
        ("good in=1", right(4, 4), False),
        ("not in=1", answered, False),
        ("not in=1", None, True),
        ("invited", came, True),
        ("invited", None, False),
    ],
)
async def test_only_who_fits_is_asked(
    database: Database, now: Moment, who: str, prepare: Prepare | None, asked: bool
) -> None:
    def play(unit: UnitOfWork) -> None:
        unit.bots.note_accepted(1, "pouce_bot")
        house = furnish(unit, workers=1, tasks=9, gold=9)
        (worker,) = house.workers
        project = another(unit, house, who=(who.replace("=1", f"={house.project}"),))
        if prepare:
            prepare(unit, house, worker)
        assert (project in listed(unit, worker)) is asked
        if asked:
            press(act_of(unit, worker), TakeTask(project=project))
            found = unit.assignments.active_for(worker)
            assert found is not None
            assert found.project == project
        else:
            with pytest.raises(NothingLeft):
                press(act_of(unit, worker), TakeTask(project=project))
            assert unit.enrolments.find(worker, project) is None
        assert invariants.find_violations(unit) == []

    await database.transact(play, now)


async def test_a_worker_stops_at_the_limit_and_others_go_on(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=5, who=("at most=2",))
        ann, ben = house.workers
        reply = press(act_of(unit, ann), ListTasks())
        assert isinstance(reply, Reply)
        assert [each.left for each in reply.message.offered] == [2]  # type: ignore[union-attr]
        assert [turn(unit, ann) for _ in range(3)] == [True, True, False]
        assert listed(unit, ann) == []
        assert listed(unit, ben) == [house.project]

    await database.transact(play, now)


async def test_who_was_invited_is_asked_there_first_and_a_link_that_ended_invites_nobody(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=9)
        ann, ben = house.workers
        turn(unit, ann)
        project, link = inviting(unit, house)
        address, _, token = link.link.partition("?start=")
        assert (address, link.opened, link.only) == ("https://t.me/pouce_bot", 0, False)
        assert len(token) >= 20
        newcomer = unit.people.upsert(77, "zoe", "Zoé", "en", now).id
        met = press(act_of(unit, newcomer), Start(token=token))
        assert isinstance(met, tuple)
        invited, hello = met
        assert isinstance(invited, Invited)
        assert isinstance(hello, Welcome)
        assert not invited.begins
        press(act_of(unit, ben), Start(token=token))
        press(act_of(unit, ben), Start(token=token))  # twice
        press(act_of(unit, house.requester), Start(token=token))  # their own
        again = press(act_of(unit, house.requester), Invite(number=project))
        assert isinstance(again, InviteLink)
        assert (again.link, again.opened, again.invited) == (link.link, 4, 2)
        submit.show_work(unit, unit.people.get(ben))
        found = unit.assignments.active_for(ben)
        assert found is not None
        assert found.project == project
        press(act_of(unit, house.requester), EndInvitation(number=project))
        assert len(press(act_of(unit, ann), Start(token=token))) == 1  # type: ignore[arg-type]
        new = press(act_of(unit, house.requester), Invite(number=project))
        assert isinstance(new, InviteLink)
        assert new.link != link.link
        unit.people.make_requester(ann, True)
        for payload in (Invite(number=project), EndInvitation(number=project), ShowWho(number=project)):
            with pytest.raises(NotFound):
                press(act_of(unit, ann), payload)

    await database.transact(play, now)


async def test_an_invitation_comes_with_the_next_answer_of_whoever_does_not_press_begin(
    database: Database, now: Moment
) -> None:
    """To a project that runs, and to one that is launched later; each once."""

    def given(unit: UnitOfWork, worker: PersonId) -> list[ProjectId]:
        """Of which project each of their next tasks is."""
        assert [turn(unit, worker) for _ in range(3)] == [True, True, True]
        rows = unit.connection.all("SELECT project FROM assignments WHERE worker = :w ORDER BY id", w=worker)
        return [ProjectId(row[0]) for row in rows]

    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=9)
        (ann,) = house.workers
        project, link = inviting(unit, house)
        later = unit.projects.add(a_project(house.requester, unit.now))
        settle_tasks(unit, later, house.requester, 3, gold=0)
        waiting = press(act_of(unit, house.requester), Invite(number=later))
        assert isinstance(waiting, InviteLink)
        assert turn(unit, ann)
        for each in (link, waiting):
            press(act_of(unit, ann), Start(token=each.link.partition("?start=")[2]))
        assert given(unit, ann) == [house.project] * 2 + [project] * 3
        press(act_of(unit, house.requester), Launch(number=later))
        assert given(unit, ann)[5:] == [later] * 3
        assert invariants.find_violations(unit) == []

    await database.transact(play, now)


async def test_who_is_at_work_elsewhere_is_told_how_an_invitation_begins_at_once(
    database: Database, now: Moment
) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=2, tasks=9)
        ann, ben = house.workers
        project, link = inviting(unit, house)
        token = link.link.partition("?start=")[2]
        submit.show_work(unit, unit.people.get(ann))
        before = unit.assignments.active_for(ann)
        assert before is not None
        told = {}
        for worker in (ann, ben):
            (told[worker],) = press(act_of(unit, worker), Start(token=token))  # type: ignore[misc]
        title = unit.projects.get(before.project).title
        assert (told[ann].at_work, told[ben].at_work) == (title, "")
        assert f"<b>{title}</b> goes to others" in str(render(told[ann].stored_as, told[ann], "en").text)
        press(act_of(unit, ann), TakeTask(project=project))
        found = unit.assignments.active_for(ann)
        assert found is not None
        assert found.project == project
        ended = unit.assignments.find(before.id)
        assert ended is not None
        assert ended.state is AssignmentState.SKIPPED
        (again,) = press(act_of(unit, ann), Start(token=token))  # type: ignore[misc]
        assert again.at_work == ""  # they are there

    await database.transact(play, now)


async def test_a_country_is_asked_for_once_and_only_where_it_is_wanted(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, tasks=1)
        (worker,) = house.workers
        turn(unit, worker)
        asked = [row[0] for row in unit.connection.all("SELECT screen FROM outbox WHERE person = :who", who=worker)]
        assert CountryWanted.stored_as not in asked
        another(unit, house, who=("country=FR",))
        for _ in range(2):
            submit.show_work(unit, unit.people.get(worker))
        asked = [row[0] for row in unit.connection.all("SELECT screen FROM outbox WHERE person = :who", who=worker)]
        assert asked.count(CountryWanted.stored_as) == 1
        press(act_of(unit, worker), ChangeSetting(what="country", value="FR"))
        submit.show_work(unit, unit.people.get(worker))
        assert unit.assignments.active_for(worker) is not None
        for value in ("ZZ", "france", ""):
            with pytest.raises(UnknownChoice):
                press(act_of(unit, worker), ChangeSetting(what="country", value=value))
        with pytest.raises(BadInput):
            press(act_of(unit, worker), OpenSettings(place="country Narnia"))

    await database.transact(play, now)


async def test_conditions_name_projects_of_ones_own(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, gold=1, title="Spelling  test")
        anna, number = unit.people.get(house.requester), house.project
        assert resolve_conditions(unit, anna, ("qualified=spelling Test",)) == (f"qualified={number}",)
        assert resolve_conditions(unit, anna, (f"good in={number}",)) == (f"good in={number}",)
        plain = another(unit, house)
        unit.people.make_requester(house.workers[0], True)
        for person, word, what in (
            (anna, "qualified=Other", "who_title"),
            (anna, "not in=999", "who_project"),
            (anna, f"good in={plain}", "who_gold"),
            (anna, "qualified=Is the review positive?", "who_gold"),
            (unit.people.get(house.workers[0]), f"not in={number}", "who_project"),
        ):
            with pytest.raises(BadInput) as refused:
                resolve_conditions(unit, person, (word,))
            assert refused.value.what == what

    await database.transact(play, now)


async def test_conditions_that_nobody_meets_together_are_refused(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, gold=1, title="First")
        anna, number = unit.people.get(house.requester), house.project
        draft = unit.projects.add(a_project(house.requester, now, who=(f"not in={number}",)))
        one, other = "says=Do you drive?\nyes|no\nyes", "says=Do you drive?\nyes|no\nno"
        for words in (("qualified=First", f"not in={number}"), (one, other)):
            with pytest.raises(BadInput) as refused:
                resolve_conditions(unit, anna, words)
            assert refused.value.what == "who_never"
        assert "qualified=First" in resolved_refusal(unit, anna, ("qualified=First", f"not in={number}"))
        assert len(resolve_conditions(unit, anna, ("qualified=First", "country=FR", one))) == 3
        with pytest.raises(BadInput):
            press(act_of(unit, house.requester), ChangeWho(number=draft, word=f"good in={number}"))
        assert unit.projects.get(draft).who == (f"not in={number}",)

    await database.transact(play, now)


def resolved_refusal(unit: UnitOfWork, person: Person, words: tuple[str, ...]) -> str:
    with pytest.raises(BadInput) as refused:
        resolve_conditions(unit, person, words)
    return refused.value.value


async def test_buttons_change_a_drafts_conditions(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house = furnish(unit, workers=1, gold=1)
        draft = unit.projects.add(a_project(house.requester, now))

        def choose(word: str) -> AudiencePage:
            reply = press(act_of(unit, house.requester), ChangeWho(number=draft, word=word))
            assert isinstance(reply, Reply)
            assert isinstance(reply.message, AudiencePage)
            return reply.message

        for word in ("invited", "at most=50", "at most=10", "country=FR", "not in=1", "invited"):
            page = choose(word.replace("=1", f"={house.project}") if word == "not in=1" else word)
        assert unit.projects.get(draft).who == ("country=FR", f"not in={house.project}", "at most=10")
        assert page.who[0] == Condition("country", "FR")
        assert {each.word for each in page.choices if each.on} == {"country", f"not in={house.project}", "at most=10"}
        assert choose("country").who[0].name == "not in"
        for word in ("at most=0", "invited, at most=5", "country=Narnia"):
            with pytest.raises(UnknownChoice):
                choose(word)
        launched = ChangeWho(number=house.project, word="invited")
        with pytest.raises(WrongState):
            press(act_of(unit, house.requester), launched)

    await database.transact(play, now)


async def test_the_card_says_who_is_asked(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        anna = settle_requester(unit)
        form = ProjectForm("T", ("Read.",), 50_000, options=("a", "b"), who=("country=FR", "at most=5"))
        sent = drafts.Sent(read_tasks(b"text\nA\n", "t.csv", form.options), "t.csv", "f1")
        card = drafts.create_draft(act_of(unit, anna.id), form, sent)
        assert card.who == (Condition("country", "FR"), Condition("at most", "5"))

    await database.transact(play, now)
