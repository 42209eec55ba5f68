"""Things that do not exist, or belong to others."""

from domain.refusals import NotFound
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Screen, refuses
from locales import Translator

NAMED = 300  # characters of a typed text


@refuses(NotFound)
def not_found(r: NotFound, t: Translator) -> Screen:
    name = clipped(r.name, NAMED)
    return Screen(
        {
            "project": t("You have no project {name}. /projects lists yours.", name=name),
            "consent": t(
                "There is nothing to take back in project {name}. /why_skill lists yours with their numbers.", name=name
            ),
            "team": t("You are not in this team. /team lists yours."),
            "member": t("There is no such member in your team."),
            "person": t(
                "I know nobody called {name}. Give a Telegram id, or the @username of somebody who has written to me.",
                name=name,
            ),
            "api_key": t("You have no key …{name}. /apikeys lists yours.", name=name),
            "launch_request": t("No program of yours asked for this launch."),
            "review": t("No program of yours asked for this review."),
            "webhook": t("You have no address {name}. /webhooks lists yours.", name=name),
            "restriction": t("There is no restriction {name}.", name=name),
            "rejection": t("No answer of yours was rejected under this number. /appeal lists what you can contest."),
            "answer": t("There is no such answer in your projects."),
            "offer": t(
                "That is about a task you were given, and there is none. /work brings one, /tasks shows what there is."
            ),
            "withdrawn": t("You took your answers back from project {name}. No more tasks of it come.", name=name),
            "invitation": t("There is no link yet. Please try again in a minute."),
            "qualification": t("This request for a qualification does not wait any more."),
            "declaration": t("There is no declaration {name}.", name=name),
            "question": t("This question does not wait for an answer any more."),
            "complaint": t("This complaint does not wait for an answer any more."),
            "report": t("Somebody has looked at these reports already."),
            "ratings": t("There is nothing to reply to now: no ratings are shown yet, or you have replied."),
            "stop": t("This was decided already."),
            "to end": t("Project {name} does not run, or there is no such project.", name=name),
            "look": t("Somebody has looked at this project already, or it is gone."),
            "task": t("There is no such task in your projects."),
            "challenge": t("No check question of yours is contested under this number."),
            "worker": t(
                "Nobody called {name} has worked for you. The names are in the column “worker” of /submissions.",
                name=name,
            ),
            "worker gone": t("{name} has left: nothing can reach them any more. Nothing was moved.", name=name),
            "operation": t("You have no operation {name}. /balance shows yours with their numbers.", name=name),
            "whole_file": t("Bank file {name} cannot be made again: somebody in it has left and is erased.", name=name),
            "invoice": t("There is no such invoice of yours. /funds lists them where they are written."),
            "bank_file": t("There is no bank file {name}. /payouts lists them.", name=name),
            "bank_line_done": t("Line {name} was explained before. Nothing was moved.", name=name),
            "bank_line": t("There is no line {name} of the bank. /bank lists those that wait.", name=name),
            "payout": t("There is no payout {name}. /payouts lists them.", name=name),
            "account": t("There is no account {name}. /ledger lists them.", name=name),
        }[r.what]
    )
