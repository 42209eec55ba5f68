"""What is compared stands in another order for each worker; stored and exported it is the requester's."""

import json
from decimal import Decimal
from typing import Any

import pytest

from domain.answers import kind_of
from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.projects.form_questions import FormQuestion, pack_questions
from domain.projects.tasks import content_of
from domain.quality.gold import GoldReviewed
from domain.refusals import NotYours, UnknownChoice
from domain.work.assignments import SubmissionId
from domain.work.messages import TaskShown
from domain.work.positions import find_label_columns, has_shuffled_labels
from formats.captions.caption import read_caption
from formats.tables.reading import read_tasks
from handlers.screen import render
from handlers.work.tasks import ReadOwn, ReadShown, ReadText
from jobs import exports
from services.fairness import rejections
from services.fairness.rejections import describe_answer
from services.money import explanations
from services.projects.drafts import draft_from_form
from services.quality import gold, gold_challenges
from services.work import answer_messages, inputs, submit
from services.work.answer_messages import get_seen_task
from storage.database import Database, one_transaction
from storage.drivers.records import pack
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import OWN_TASKS, House, NewTask, a_project, launch, settle_requester, settle_worker

COLUMNS, TEMPLATE = ("prompt", "answer_a", "answer_b"), "{prompt}\n\nA: {answer_a}\n\nB: {answer_b}"
GRADES = ("A>>B", "A>B", "A=B", "B>A", "B>>A")
FORM = pack_questions([FormQuestion("better", "preference", "Which?", GRADES), FormQuestion("why", "text", "Why?")])
TASKS, WORKERS, SECRET = 6, 4, "11" * 32
JUDGED = "SELECT gold FROM submissions WHERE project = :project AND gold IS NOT NULL"


def furnish(unit: UnitOfWork, **fields: Any) -> House:
    """Six rows whose second answer is the good one; the last one is gold with a reason. The
    secret is given: with another one it may happen that all see the same order."""
    unit.settings.store("secret", SECRET)
    requester = settle_requester(unit)
    workers = tuple(settle_worker(unit, number).id for number in range(WORKERS))
    known = {"columns": COLUMNS, "template": TEMPLATE, "shuffled": True, "overlap": WORKERS, "max_overlap": WORKERS}
    project = unit.projects.add(a_project(requester.id, unit.now, **known | fields))
    batch = unit.batches.begin(project, requester.id, "pairs", "pairs.csv", TASKS)
    grown = unit.batches.grow(batch, TASKS - 1, 1, TASKS * WORKERS)
    assert grown is not None
    content = [pack({"prompt": f"ask {at}", "answer_a": f"bad {at}", "answer_b": f"good {at}"}) for at in range(TASKS)]
    gold = pack(kind_of(fields["kind"]).to_gold(*_known(fields)))
    rows = [NewTask(at + 1, f"t{at}", content[at], None, None, WORKERS) for at in range(TASKS - 1)]
    rows.append(NewTask(TASKS, "gold", content[-1], gold, "B has the date.", WORKERS))
    unit.tasks.add(project, batch.id, rows)
    unit.batches.show(grown)
    launch(unit, requester.id, project)
    tasks = tuple(row[0] for row in unit.connection.all(OWN_TASKS, project=project))
    return House(requester.id, workers, project, tasks)


def _known(fields: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    whole = {"compare": "B", "preference": "B>A", "rank": "B>A", "form": json.dumps({"better": "B>A"})}
    return whole[fields["kind"]], fields["options"]


def letter(unit: UnitOfWork, worker: int, name: str) -> dict[str, Any]:
    """The facts of the latest message of this name."""
    rows = unit.connection.all(
        "SELECT facts FROM outbox WHERE person = :person AND screen = :name ORDER BY id DESC", person=worker, name=name
    )
    facts: dict[str, Any] = json.loads(rows[0][0])
    return facts


def answers_all(unit: UnitOfWork, house: House, worker: int, tasks: int = TASKS) -> list[bool]:
    """Whoever sees the good one as A says A; whether it was."""
    person, firsts = unit.people.get(house.workers[worker]), []
    for _ in range(tasks):
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        text = letter(unit, person.id, TaskShown.stored_as)["content"]["text"]
        firsts.append("A: good" in text)
        assert ("B: good" in text) is not firsts[-1]
        kind = unit.projects.get(house.project).kind
        _answer(unit, person.id, in_hand.id, kind, "A" if firsts[-1] else "B")
    return firsts


def _answer(unit: UnitOfWork, person: int, assignment: int, kind: str, better: str) -> None:
    act, first = act_of(unit, person), better == "A"
    if kind == "compare":
        submit.submit_press(act, assignment, 0 if first else 1)
    elif kind == "preference":
        submit.submit_press(act, assignment, 0 if first else 4)
    elif kind == "rank":
        submit.submit_answer(unit, act.person, assignment, "0,1" if first else "1,0", None)
    else:
        inputs.choose_option(act, assignment, 0 if first else 4)
        inputs.take_words(act, f"{better} is right")


@pytest.mark.parametrize(
    ("kind", "options", "stored"),
    [
        ("compare", ("A", "B"), "B"),
        ("preference", GRADES, "B>>A"),
        ("rank", ("A", "B"), "B>A"),
        ("form", FORM, '{"better":"B>>A"'),
    ],
)
async def test_answers_are_stored_as_the_requester_calls_things(
    database: Database, now: Moment, kind: str, options: tuple[str, ...], stored: str
):
    def all_answer(unit: UnitOfWork) -> tuple[House, list[bool]]:
        house = furnish(unit, kind=kind, options=options)
        return house, [first for worker in range(WORKERS) for first in answers_all(unit, house, worker)]

    house, firsts = await database.transact(all_answer, now)
    assert 4 <= sum(firsts) <= 20  # of 24: both orders come often
    made = await exports.make_submissions_file(database, {"number": house.project, "format": "jsonl"}, now)
    rows = [json.loads(line) for line in made.path.read_text().splitlines()]
    assert len(rows) == len(firsts)
    for row, first in zip(rows, firsts, strict=True):
        answer = row["answer"] if isinstance(row["answer"], str) else json.dumps(row["answer"], separators=(",", ":"))
        assert answer.startswith(stored)
        assert row["order"] == ("B, A" if first else "A, B")
    known = [row for row in rows if row["task"] == "gold"]
    assert len(known) == WORKERS
    assert all(row["gold"] for row in known)
    right = await database.transact(lambda unit: unit.connection.all(JUDGED, project=house.project), now)
    assert [row[0] for row in right] == [1] * WORKERS


async def test_gold_by_the_wizard_is_what_its_requester_meant(database: Database, now: Moment) -> None:
    """They see the file's order, before or after the answers; each worker is judged by what stood there for them."""

    def play(unit: UnitOfWork) -> list[int]:
        house = furnish(unit, kind="compare", options=("A", "B"))
        requester = act_of(unit, house.requester)
        gold.answer_with_press(requester, house.tasks[0], 1)
        for worker in range(WORKERS):
            answers_all(unit, house, worker, TASKS - 1)  # a check question is not the last task
        gold.answer_with_press(requester, house.tasks[1], 1)
        judged = [row[0] for row in unit.connection.all(JUDGED, project=house.project)]
        assert len(judged) >= 2 * WORKERS  # the task of the wizard, before and after
        return judged

    assert set(await database.transact(play, now)) == {1}


def misses_gold(unit: UnitOfWork, house: House, worker: int) -> SubmissionId:
    """The one whose second answer is right; which letter that has depends on the worker."""
    person = unit.people.get(house.workers[worker])
    while True:
        submit.show_work(unit, person)
        in_hand = unit.assignments.active_for(person.id)
        assert in_hand is not None
        text = letter(unit, person.id, TaskShown.stored_as)["content"]["text"]
        submit.submit_press(act_of(unit, person.id), in_hand.id, 1 if "A: good" in text else 0)
        answer = unit.submissions.of_assignment(in_hand.id)
        assert answer is not None
        if in_hand.task == house.tasks[-1]:
            return answer.id


def test_a_missed_check_question_is_contested_and_reviewed_as_its_worker_saw_it(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, kind="compare", options=("A", "B"))
        found = set()
        answers = [misses_gold(unit, house, worker) for worker in range(WORKERS)]
        for worker in range(WORKERS):
            (miss,) = gold_challenges.list_contestable(act_of(unit, house.workers[worker])).misses
            first = "A: good" in miss.text
            assert (miss.answer, miss.gold) == (("B", ("A",)) if first else ("A", ("B",)))
            found.add(first)
        assert found == {True, False}
        gold_challenges.contest_gold(act_of(unit, house.workers[0]), answers[0])
        (challenge,) = (row[0] for row in unit.connection.all("SELECT id FROM gold_challenges"))
        gold_challenges.decide_challenge(act_of(unit, house.requester), challenge, keep=False)
        for person in house.workers:
            told = letter(unit, person, GoldReviewed.stored_as)
            assert told["gold"] == (["A"] if "A: good" in told["content"]["text"] else ["B"])
            seen = get_seen_task(unit, unit.projects.get(house.project), unit.tasks.get(house.tasks[-1]), person)
            assert told["content"]["text"] == content_of(seen.project, seen.task).text


def test_why_says_how_what_was_compared_stood(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, kind="compare", options=("A", "B"))
        said = set()
        for worker in range(WORKERS):
            number = misses_gold(unit, house, worker)
            operation = next(each for each in unit.operations.list_for_submission(number) if each.kind == "reward")
            act = act_of(unit, house.workers[worker])
            explained = explanations.explain_operation(act, operation.id)
            assert explained.about is not None
            moved = bool(explained.about.shown.meant)
            text = str(render(explained.stored_as, explained, "en").text)
            assert ("The worker saw another order: their A is B here, their B is A here." in text) is moved
            said.add(moved)
        assert said == {True, False}


def test_a_worker_reads_what_they_saw(sqlite_url: str, now: Moment):
    """Of an answer that stands, and of a known one that was missed: its reason calls things as the requester does."""
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, kind="preference", options=GRADES)
        project, numbers = unit.projects.get(house.project), house.tasks
        for worker in house.workers:
            seen = [get_seen_task(unit, project, unit.tasks.get(number), worker) for number in numbers]
            for each in seen:
                better = "A" if each.task.content["answer_a"].startswith("good") else "B"
                assert each.to_seen_answer("B>>A") == f"{better}>>{'BA'[better == 'B']}"
                assert each.to_stored_answer(each.to_seen_answer("B>A")) == "B>A"
                assert (each.to_stored_answer("A=B"), each.to_stored_answer(None)) == ("A=B", None)
            miss = answer_messages.to_miss(seen[-1], "A>B", False, SubmissionId(1))
            assert miss is not None
            assert (miss.answer, miss.gold) == (("B>A", ("A>B",)) if seen[-1].meant_by_label else ("A>B", ("B>A",)))
            assert miss.called == ((("B", "A"), ("A", "B")) if seen[-1].meant_by_label else ())


def test_only_columns_change_places(now: Moment):
    def project(**fields: Any) -> Any:
        return a_project(1, now, **{"kind": "compare", "options": ("A", "B"), "shuffled": True} | fields)

    assert has_shuffled_labels(project(columns=COLUMNS, template=TEMPLATE))
    assert not has_shuffled_labels(project(columns=COLUMNS, template=TEMPLATE, shuffled=False))
    assert not has_shuffled_labels(project(options=("yes", "no")))
    one, other = FormQuestion("better", "compare", "Which?", ("A", "B")), FormQuestion("why", "text", "Why?")
    assert has_shuffled_labels(
        project(kind="form", options=pack_questions([one, other]), columns=COLUMNS, template=TEMPLATE)
    )
    three = FormQuestion("more", "compare", "Which?", ("A", "B", "C"))
    assert (
        find_label_columns(
            project(kind="form", options=pack_questions([one, three]), columns=COLUMNS, template=TEMPLATE)
        )
        is None
    )


@pytest.mark.parametrize(
    ("lines", "gold", "moves"),
    [
        ("kind: compare", "", True),
        ("kind: compare", "B", False),
        ("kind: rank", "B>A", False),
        ("compare: ties", "B", True),
        ("kind: compare", "right", False),
        ("kind: compare\noptions: left, right", "", False),
        ("kind: rank\noptions: left, right", "", False),
        ("kind: rank", "", True),
        ("compare: ties", "", True),
        ("compare: ties\nreason: Why?", "", True),
        ("question: compare | Which? | left, right\nquestion: text | Why?", "", False),
        ("question: compare | Which?\nquestion: text | Why?", "", True),
    ],
)
def test_names_that_the_requester_gave_stay_with_what_they_name(
    lines: str, gold: str, moves: bool, sqlite_url: str, now: Moment
):
    form = read_caption(f"/newproject\ntitle: T\ninstructions: I\npay: 1\n{lines}")
    rows = f"prompt,left,right,gold\nWhy?,one,two,\nWho?,three,four,{gold}\n"
    rows = rows if gold else "prompt,left,right\nWhy?,one,two\n"
    file = read_tasks(rows.encode(), "pairs.csv", form.options, kind=form.kind)
    with one_transaction(sqlite_url, now) as unit:
        requester = settle_requester(unit)
        project = draft_from_form(unit, requester, form, file, Terms("EUR", Decimal(10), Millionths(0)))
    assert has_shuffled_labels(project) is moves


def test_whoever_judges_an_answer_reads_what_its_worker_called_things(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, kind="preference", options=GRADES)
        project, found = unit.projects.get(house.project), set()
        for worker in house.workers:
            submit.show_work(unit, unit.people.get(worker))
            in_hand = unit.assignments.active_for(worker)
            assert in_hand is not None
            submit.submit_answer(unit, unit.people.get(worker), in_hand.id, "0", None)
            submission = unit.submissions.of_assignment(in_hand.id)
            assert submission is not None
            seen = get_seen_task(unit, project, unit.tasks.get(in_hand.task), worker)
            assert describe_answer(unit, project, submission).meant == tuple(seen.meant_by_label.items())
            found.add(bool(seen.meant_by_label))
    assert found == {True, False}


def test_a_long_text_is_read_as_its_worker_sees_it_and_by_nobody_else(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, kind="compare", options=("A", "B"))
        row = pack({"prompt": "ask", "answer_a": "bad " * 2_000, "answer_b": "good " * 2_000})
        unit.connection.changed("UPDATE tasks SET content = :row", row=row)
        seen = set()
        for worker in house.workers:
            submit.show_work(unit, unit.people.get(worker))
            in_hand = unit.assignments.active_for(worker)
            assert in_hand is not None
            content = letter(unit, worker, TaskShown.stored_as)["content"]
            assert [(each["label"], each["column"]) for each in content["cut"]] == [("A", 1), ("B", 2)]
            parts = press(act_of(unit, worker), ReadText(assignment=in_hand.id, column=1))
            assert isinstance(parts, tuple)
            whole = " ".join(part.text for part in parts)
            assert whole.split() == [whole.split()[0]] * 2_000
            assert [(part.label, part.part, part.of) for part in parts] == [("A", 1, 3), ("A", 2, 3), ("A", 3, 3)][
                : len(parts)
            ]
            assert f"A: {whole[:200]}" in content["text"]
            seen.add(whole.split()[0])
            for column in (0, 3, 99):
                with pytest.raises(UnknownChoice):
                    press(act_of(unit, worker), ReadText(assignment=in_hand.id, column=column))
            other = next(each for each in house.workers if each != worker)
            with pytest.raises(NotYours):
                press(act_of(unit, other), ReadText(assignment=in_hand.id, column=1))
        assert seen == {"good", "bad"}


def test_a_long_text_is_read_beside_an_answer_by_those_whom_it_concerns(sqlite_url: str, now: Moment) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, kind="compare", options=("A", "B"), accept="review")
        row = pack({"prompt": "ask", "answer_a": "bad " * 2_000, "answer_b": "good " * 2_000})
        unit.connection.changed("UPDATE tasks SET content = :row", row=row)
        worker, judge, stranger, _ = house.workers
        unit.people.make_requester(stranger, True)
        submit.show_work(unit, unit.people.get(worker))
        in_hand = unit.assignments.active_for(worker)
        assert in_hand is not None
        submit.submit_answer(unit, unit.people.get(worker), in_hand.id, "0", None)
        answer = unit.submissions.of_assignment(in_hand.id)
        assert answer is not None
        own = ReadOwn(task=in_hand.task, column=1)
        for reader in (worker, house.requester):
            beside = press(act_of(unit, reader), ReadShown(submission=answer.id, column=1))
            assert isinstance(beside, tuple)
            assert " ".join(part.text for part in beside).split() == ["bad"] * 2_000  # as the requester has them
        assert press(act_of(unit, house.requester), own) == beside
        for payload in (ReadShown(submission=answer.id, column=1), own, ReadShown(submission=99, column=1)):
            with pytest.raises(NotYours):
                press(act_of(unit, stranger), payload)
        for column in (0, 3, 99):
            with pytest.raises(UnknownChoice):
                press(act_of(unit, worker), ReadShown(submission=answer.id, column=column))
        project = unit.projects.get(house.project)
        rejections.reject_submission(
            unit, unit.people.get(house.requester), project, answer, 1, "The other one says more of it."
        )
        appeal = unit.appeals.open(answer.id, Moment(now + HOUR))
        unit.appeals.fund(appeal.id, 1)
        with pytest.raises(NotYours):
            press(act_of(unit, judge), ReadShown(submission=answer.id, column=1))
        appeal = unit.appeals.lock(appeal.id)
        assert unit.appeals.take_place(appeal, judge, Moment(now + HOUR))
        assert press(act_of(unit, judge), ReadShown(submission=answer.id, column=1)) == beside
