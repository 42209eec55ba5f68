"""Promises about voice and peace: questions, reports, the board, hours."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from benchmarks.fairness.promises.promise import Books, Promise, Verdict, hours
from domain.moments import HOUR, MINUTE
from storage.boxes.outbox import Lane
from storage.drivers.connection import Row

TOGETHER = 3
SHOWN_FROM = 5
ALONE = ("illegal", "scam")
AWAKE = 60 * MINUTE + 15 * MINUTE  # after their own act a push may still come, and lie there for a task's time

REPORTS = "SELECT project, reporter, kind, made_at, ended_at FROM reports ORDER BY made_at, id"
OFFERED = "SELECT project, offered_at FROM assignments"


def _offers(books: Books) -> dict[int, list[int]]:
    found = defaultdict[int, list[int]](list)
    for project, at in books.rows(OFFERED):
        found[project].append(at)
    return found


def reports(books: Books) -> Verdict:
    """From the report that must stop a project until its reports are decided, nothing of it may be offered."""
    rounds = defaultdict[tuple[int, int], list[tuple[int, str]]](list)
    for project, _, kind, made, ended in books.rows(REPORTS):
        rounds[project, ended or 0].append((made, kind))
    offers, stops, broken, most = _offers(books), 0, 0, 0
    for (project, ended), found in rounds.items():
        needed = next((n for n, (_, kind) in enumerate(found, 1) if kind in ALONE or n >= TOGETHER), None)
        if needed is None:
            continue
        stops += 1
        most = max(most, needed)
        since, until = found[needed - 1][0] + 2 * MINUTE, ended or books.end
        broken += sum(since < at < until for at in offers[project])
    return Verdict(
        stops, broken, f"{stops} stops, each by report {most} at the latest; {broken} tasks offered after it"
    )


QUESTIONS = "SELECT project, asked_at, ended_at FROM questions"


def questions(books: Books) -> Verdict:
    """From 48 hours after a question on, nothing is offered until it is answered."""
    offers, late, broken, answered = _offers(books), 0, 0, list[int]()
    for project, asked, ended in books.rows(QUESTIONS):
        answered += [ended - asked] if ended else []
        since, until = asked + 48 * HOUR + books.patience, ended or books.end
        late += since < until
        broken += sum(since < at < until for at in offers[project])
    middle = hours(sorted(answered)[len(answered) // 2]) if answered else "–"
    return Verdict(
        late,
        broken,
        f"{len(answered)} questions answered, half within {middle}; {late} late ones, {broken} tasks offered past 48 h",
    )


PUSHES = """
SELECT o.person, o.ended_at, o.screen FROM outbox o JOIN people p ON p.id = o.person AND p.consented_at IS NOT NULL
WHERE o.lane = 1 AND o.state = 'sent' AND o.class = 'push'"""


def pushes(books: Books) -> Verdict:
    """Tasks that came unasked, by the clock on each worker's wall."""
    found = [row for row in books.rows(PUSHES) if row[0] in books.ran.workers]
    outside = [row for row in found if not books.is_awake(row[0], row[1])]
    here = AWAKE + books.patience
    broken = sum(not books.acted(person, at - here, at) for person, at, _ in outside)
    return Verdict(
        len(found),
        broken,
        f"{len(found)} pushes, {len(outside)} outside the hours, {broken} of them to people who were not there",
    )


def nights(books: Books) -> Verdict:
    """Messages outside the worker's hours that answer nothing they did: without a sound, or none."""
    cases, loud = 0, dict[str, int]()
    for letter in books.ran.town.diary:
        if letter.person not in books.ran.workers or letter.lane in (Lane.PUSH, Lane.TIDY):
            continue
        if books.is_awake(letter.person, letter.at) or books.acted(letter.person, letter.written, letter.written):
            continue
        cases += 1
        if letter.sound:
            loud[letter.name] = loud.get(letter.name, 0) + 1
    told = f" ({', '.join(loud)})" if loud else ""
    return Verdict(
        cases,
        sum(loud.values()),
        f"{cases} messages outside their reader's hours that answered nothing: {sum(loud.values())} with a sound{told}",
    )


REQUESTER_OF = "SELECT id, requester FROM projects"


def ratings(books: Books) -> Verdict:
    """Every figure that a worker saw, against the ratings that had been given by then, as the simulation noted them."""
    owner = {row[0]: row[1] for row in books.rows(REQUESTER_OF)}
    early, seen = 0, books.ran.town.ratings_seen
    for at, project, count in seen:
        raters = {
            worker for moment, rated, worker in books.ran.town.rated if moment <= at and owner[rated] == owner[project]
        }
        early += count < SHOWN_FROM or len(raters) < SHOWN_FROM
    given = len(books.ran.town.rated)
    return Verdict(
        len(seen),
        early,
        f"{given} ratings given, figures seen {len(seen)} times: {early} times of fewer than {SHOWN_FROM}",
    )


LOOKS = """
SELECT p.id, p.requester, p.launched_at, f.state, f.ended_by, f.ended_at FROM projects p
LEFT JOIN first_looks f ON f.project = p.id WHERE p.launched_at IS NOT NULL ORDER BY p.launched_at, p.id"""


def first_looks(books: Books) -> Verdict:
    """Each requester's first launch, against the admin's word."""
    first = dict[int, list[object]]()
    for row in books.rows(LOOKS):
        first.setdefault(row[1], list(row))
    broken = 0
    for _, requester, launched, state, by, ended in first.values():
        broken += state != "approved" or by is None or by == requester or ended > launched  # type: ignore[operator]
    return Verdict(
        len(first), broken, f"{len(first)} requesters launched; {broken} first projects without a human's word before"
    )


POSTS = "SELECT id, state, body, digest FROM board_posts"
LOG = "SELECT position, post, kind, person, rule, day, digest, hash FROM board_log ORDER BY position"


def board(books: Books) -> Verdict:
    """Every post has its line, every removal its tombstone with rule and actor, and the chain of hashes is whole."""
    posts, log = books.rows(POSTS), books.rows(LOG)
    lines = defaultdict[str, dict[int, tuple[object, ...]]](dict)
    for row in log:
        lines[row[2]][row[1]] = tuple(row)
    silent = sum(post not in lines["posted"] for post, _, _, _ in posts) + len(lines["posted"]) - len(posts)
    for post, state, body, _ in posts:
        if state == "hidden":
            line = lines["hidden"].get(post)
            silent += line is None or line[3] is None or not line[4]
        elif state == "withdrawn":
            silent += post not in lines["withdrawn"]
        silent += state == "shown" and not body
    torn = _torn(log)
    gone = sum(state != "shown" for _, state, _, _ in posts)
    return Verdict(
        gone,
        silent + torn,
        f"{len(posts)} posts, {gone} taken away; {silent} without their line, {torn} lines that do not follow",
    )


def _torn(log: Sequence[Row]) -> int:
    """By docs/explanation/board.md: sha256 of the hash before, a line's end, and the line."""
    before, torn = "0" * 64, 0
    for number, (position, post, kind, person, rule, day, digest, seal) in enumerate(log, 1):
        content = f"{position}|{post}|{kind}|{person or 0}|{rule}|{day}|{digest}"
        head = hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()
        torn += position != number or (seal is not None and seal != head)
        before = head
    return torn


PROMISES = (
    Promise(
        "scams stop at one report, other harm at three",
        "reports by moment, and every task offered between the one that must stop its project and an admin's word",
        "`domain/fairness/reports.py`, `services/fairness/reports.py`",
        "`tests/services/fairness/test_reports.py`",
        reports,
    ),
    Promise(
        "an unanswered question stops its project after 48 hours",
        "tasks offered while a question was older than that",
        "`services/fairness/questions.py`",
        "`tests/services/fairness/test_questions.py`",
        questions,
    ),
    Promise(
        "tasks come unasked only within the hours a worker chose",
        "pushes as delivered, by the clock of the worker's time zone (it changes on 25 October)",
        "`services/people/settings.py`",
        "`tests/services/people/test_push_schedule.py`",
        pushes,
    ),
    Promise(
        "nothing unasked makes a sound at night",
        "delivered messages that answer no act of their reader, outside their hours",
        "`storage/boxes/outbox.py`",
        "`tests/stories/people/test_settings.py`",
        nights,
    ),
    Promise(
        "a rating is shown from five on",
        "figures as workers saw them in `/tasks`, against the ratings the simulation noted",
        "`services/fairness/ratings.py`",
        "`tests/services/fairness/test_ratings.py`",
        ratings,
    ),
    Promise(
        "a requester's first project waits for a human",
        "first launches against the rows of admins' looks",
        "`services/fairness/first_look.py`",
        "`tests/services/fairness/test_first_look.py`",
        first_looks,
    ),
    Promise(
        "no post disappears silently",
        "posts against the board's log, whose chain of hashes is computed anew",
        "`services/fairness/board.py`",
        "`tests/services/fairness/test_board.py`",
        board,
    ),
)
