"""A requester asks for an answer once more, with a sentence, in place of a rejection: the first answer is paid at once,
and the second one's pay is held."""

from typing import Any

from domain.fairness.messages.review import AnswerToReview, NothingToReview
from domain.fairness.review import LONGEST, SHORTEST, is_open, reason_of
from domain.money.ledger import requester_account
from domain.projects.projects import Project
from domain.refusals import AlreadyTheirs, BadInput, CannotRedo, MoreThanThere
from domain.work.redo_messages import RedoOffered, RedoSent, RedoWanted
from domain.work.submissions import Submission, SubmissionId
from services.act import Act
from services.fairness import review
from services.fairness.exhibits import exhibit
from services.money.bonuses import extras
from services.people.pseudonyms import pseudonym_for
from services.projects.ownership import check_by_hand

JOURNEY = "redo"


def ask(act: Act, submission: SubmissionId) -> RedoWanted:
    """The sentence is typed."""
    unit, (project, found) = act.unit, _undecided(act, submission)
    there = unit.ledger.balance(requester_account(act.person), project.currency)
    if there < project.pay:
        raise MoreThanThere(asked=project.pay, available=there, currency=project.currency)
    unit.drafts.keep(act.person.id, JOURNEY, {"submission": found.id}, unit.now)
    return RedoWanted(
        found.id, pseudonym_for(unit, project.requester, found.worker), project.pay, project.currency, there
    )


def typed(act: Act, draft: dict[str, Any], text: str) -> tuple[RedoSent, AnswerToReview | NothingToReview]:
    """The sentence came: the worker is asked, and the next answer follows."""
    number = SubmissionId(draft["submission"])
    sent = ask_for(act, number, text)
    act.unit.drafts.drop(act.person.id)
    return sent, review.show(act, act.unit.submissions.get(number).project, number)


def ask_for(act: Act, submission: SubmissionId, reason: str) -> RedoSent:
    """The same in one step."""
    unit, (project, found) = act.unit, _undecided(act, submission)
    words = reason_of(reason)
    if words is None:
        raise BadInput(what="reason", value="", expected=[str(SHORTEST), str(LONGEST)])
    review.accept_one(act, found.id)
    if not unit.redos.add(found, words, project.pay):
        raise CannotRedo(why="before")
    unit.spending.stated.add(project.id, project.pay)
    extras.hold(unit, project, project.pay, f"redo:{found.id}", found.id)
    redo = unit.redos.of(found.id)
    assert redo is not None  # noqa: S101 - it was added above
    about = exhibit(unit, project, found)
    unit.outbox.tell(found.worker, RedoOffered(about, act.person.name, words, redo.pay, redo.until_at))
    return RedoSent(pseudonym_for(unit, project.requester, found.worker), redo.pay, project.currency, redo.until_at)


def _undecided(act: Act, number: SubmissionId) -> tuple[Project, Submission]:
    """An answer that waits for its requester, of a worker who can give it once more."""
    project, found = review.mine(act.unit, act.person, number)
    check_by_hand(project)
    if not is_open(found, act.unit.now):
        raise AlreadyTheirs()
    if found.gold is not None or act.unit.tasks.get(found.task).gold:  # “can't tell” too, which was not judged
        raise CannotRedo(why="gold")
    if act.unit.redos.of(number) is not None:
        raise CannotRedo(why="before")
    worker, enrolment = act.unit.people.get(found.worker), act.unit.enrolments.find(found.worker, project.id)
    if worker.telegram_id is None or worker.suspended or enrolment is None or enrolment.consented_at is None:
        raise CannotRedo(why="gone")
    return project, found
