"""The values of `/mydata` that are kept as codes, in words: `FIELD.CODE`, or `CODE` alone where the field does not
matter."""

from domain.answers import kinds as answer_kinds
from domain.fairness.reports import KINDS
from handlers.screens.answers import screen_of
from handlers.screens.fairness.automated_words import words as decisions
from handlers.screens.fairness.reports import named
from handlers.screens.people.mydata_money import accounts, movements
from handlers.screens.people.settings import ways
from handlers.screens.work.content import kind_names
from locales import Translator


def codes(t: Translator) -> dict[str, str]:
    return {
        **{f"kind.{kind}": screen_of(kind).called(t) for kind in answer_kinds()},
        **{f"kind.{kind}": named(kind, t) for kind in KINDS},
        **{f"shows.{kind}": name for kind, name in kind_names(t).items()},
        **{f"unwanted.{way}": name for way, name in ways(t).items()},
        **{f"kind.{kind}": name for kind, name in _machines(t).items()},
        **{f"kind.{kind}": name for kind, name in movements(t).items()},
        **{f"account.{name}": said for name, said in accounts(t).items()},
        **{f"{field}.{code}": said for field in ("suspicion", "reason") for code, said in _suspicions(t).items()},
        **{f"about.{name}": decision.name for name, decision in decisions(t).items()},
        **{
            f"about.{name}": said
            for name, said in (*_parts(t).items(), *_typed(t).items(), *_asked(t).items(), *_shown(t).items())
        },
        **{f"subject.{name}": said for name, said in (*_subjects(t).items(), *_shown(t).items())},
        **{f"decision.{name}": said for name, said in _decisions(t).items()},
        **{f"action.{name}": said for name, said in (*_admins_acts(t).items(), *_other_acts(t).items())},
        **{f"what.{name}": said for name, said in _delivered(t).items()},
        "what.check questions": t.plain("which check questions you answered right, and figures that show it"),
        "reason.others still answer them": t.plain("others still answer them"),
        "told_when.the project ends": t.plain("the project has ended"),
        **_choices(t),
        **_of_teams(t),
    }


def _of_teams(t: Translator) -> dict[str, str]:
    return {
        "role.owner": t.plain("owner"),
        "role.spender": t.plain("may spend"),
        "role.viewer": t.plain("may look and review"),
        "hears.all": t.plain("of all its projects"),
        "hears.own": t.plain("of my projects only"),
        "hears.none": t.plain("none"),
    }


def _machines(t: Translator) -> dict[str, str]:
    return {
        "later": t.plain("asked after others"),
        "checks": t.plain("more check questions"),
        "held": t.plain("pay pending for longer"),
    }


def _suspicions(t: Translator) -> dict[str, str]:
    return {
        "random": t.plain("answers like chance"),
        "constant": t.plain("nearly always the same answer"),
        "sleeper": t.plain("good before, like chance since"),
        "ring": t.plain("the same answers as somebody else"),
        "informed": t.plain("right on check questions, like chance elsewhere"),
        "silent": t.plain("“can't tell” where others can"),
        "machine": t.plain("nearly a model's words"),
        "pasted": t.plain("long answers, faster than anybody types"),
    }


def _parts(t: Translator) -> dict[str, str]:
    """The parts of the bot that a message is from."""
    return {
        "people": t.plain("you and your settings"),
        "work": t.plain("tasks and answers"),
        "projects": t.plain("projects"),
        "quality": t.plain("check questions and skill"),
        "money": t.plain("money"),
        "fairness": t.plain("questions, objections and the board"),
        "mturk": t.plain("programs of requesters"),
        "refusals": t.plain("something that did not work"),
    }


def _typed(t: Translator) -> dict[str, str]:
    """What was being typed, and what a complaint is about."""
    return {
        "team name": t.plain("the name of a team"),
        "team cap": t.plain("what a member may set aside"),
        "payee": t.plain("bank account"),
        "tax form": t.plain("form for the tax office"),
        "siret": "SIRET",
        "newproject": t.plain("a new project"),
        "trial": t.plain("trying a project"),
        "edit": t.plain("new instructions of a project"),
        "gold": t.plain("check questions"),
        "bonus": t.plain("bonus"),
        "counter_offer": t.plain("the pay you would accept"),
        "review": t.plain("why an answer is rejected"),
        "redo": t.plain("an answer asked for once more"),
        "hub": t.plain("a push to Hugging Face"),
        "qualification": t.plain("a qualification"),
        "qualification holders": t.plain("who has a qualification"),
        "buyer": t.plain("who is billed"),
        "appeal": t.plain("an appeal"),
        "stop appeal": t.plain("an appeal"),
        "question": t.plain("a question"),
        "answer": t.plain("answer to a question"),
        "rating_reply": t.plain("reply to ratings"),
        "complaint": t.plain("a complaint"),
        "board": t.plain("a post on the board"),
        "other": t.plain("something else"),
    }


def _asked(t: Translator) -> dict[str, str]:
    """What is typed by admins and on the board."""
    return {
        "end": t.plain("why a project ends"),
        "suspend": t.plain("why an account is suspended"),
        "first look": t.plain("why a project must not start"),
        "stop ruling": t.plain("answer to an appeal"),
        "confirm": t.plain("why a restriction is right"),
        "complaint answer": t.plain("answer to a complaint"),
        "petition": t.plain("answer to a petition"),
        "board contest": t.plain("a hidden post, contested"),
        "board lapsed": t.plain("a post that was not sent"),
        "board open": t.plain("a board that was opened"),
        "board ruling": t.plain("why a post stays hidden"),
        "block": t.plain("why a worker is blocked"),
        "qualification test": t.plain("a test of a requester"),
        "group link": t.plain("link of the workers' group"),
    }


def _shown(t: Translator) -> dict[str, str]:
    """Messages that are kept up to date."""
    return {
        "project": t.plain("project"),
        "released": t.plain("pay that became yours"),
        "settings": t.plain("your settings"),
        "case": t.plain("a case for admins"),
        "question": t.plain("a question"),
        "complaint": t.plain("a complaint"),
        "stop": t.plain("stop of a project or person"),
    }


def _subjects(t: Translator) -> dict[str, str]:
    return {
        "person": t.plain("person"),
        "project": t.plain("project"),
        "restriction": t.plain("a restriction"),
        "payout": t.plain("payout"),
        "submission": t.plain("answer"),
    }


def _decisions(t: Translator) -> dict[str, str]:
    return {
        "check question": t.plain("check question"),
        "restriction": t.plain("a restriction"),
        "rejection": t.plain("rejection"),
        "appeal": t.plain("appeal"),
        "pause": t.plain("pause of a project"),
        "question": t.plain("a question"),
        "report": t.plain("report"),
        "first project": t.plain("first project"),
        "complaint": t.plain("complaint"),
        "stop": t.plain("stop of a project or person"),
        "appeal against a stop": t.plain("appeal against a stop"),
        "bank file": t.plain("bank file"),
        "board": t.plain("post of the board"),
    }


def _admins_acts(t: Translator) -> dict[str, str]:
    return {
        "role": t.plain("a role was given or taken"),
        "deposit": t.plain("money was paid in"),
        "refund": t.plain("money was sent back"),
        "approved": t.plain("a first project was let start"),
        "refused": t.plain("a first project was refused"),
        "ended": t.plain("a project was ended"),
        "resumed": t.plain("a project goes on"),
        "pause": t.plain("a project rests"),
        "suspended": t.plain("an account was suspended"),
        "lifted": t.plain("a stop was lifted"),
        "upheld": t.plain("a stop stays"),
        "restrict": t.plain("a restriction"),
        "confirm": t.plain("a restriction was confirmed"),
        "lift": t.plain("a restriction was lifted"),
        "lapsed": t.plain("a restriction lapsed"),
        "complaint": t.plain("a complaint was answered"),
        "spare": t.plain("a machine's measure was ended"),
        "audit": t.plain("an admin looked at the account"),
    }


def _other_acts(t: Translator) -> dict[str, str]:
    return {
        "appeal": t.plain("an appeal was decided"),
        "payee": t.plain("a bank account was given"),
        "shared payee": t.plain("the same bank account as somebody else"),
        "withhold": t.plain("contributions were set"),
        "withdraw": t.plain("a consent was taken back"),
        "erased": t.plain("data was erased"),
        "handed on": t.plain("money was handed on"),
        "handed back": t.plain("money was given back by the authority"),
        "bank file": t.plain("a bank file was made"),
        "api key": t.plain("a key was made"),
        "api key revoked": t.plain("a key was revoked"),
        "webhook": t.plain("an address was added"),
        "webhook removed": t.plain("an address was removed"),
        "dismissed": t.plain("a report led to nothing"),
        "report question": t.plain("a question was called abuse"),
        "board mirror": t.plain("the group of the boards was set"),
    }


def _delivered(t: Translator) -> dict[str, str]:
    return {
        "results": t.plain("results"),
        "submissions": t.plain("submissions"),
        "files": t.plain("photos or voice messages"),
        "chat": t.plain("shown in the chat"),
    }


def _choices(t: Translator) -> dict[str, str]:
    return {
        "your_choice.shown": t.plain("you were warned"),
        "your_choice.agreed": t.plain("you agreed"),
        "your_choice.refused": t.plain("you refused"),
        "verdict.worker": t.plain("for the worker"),
        "verdict.requester": t.plain("for the requester"),
        **{f"asked_later.{level}": t.plain("yes") if level else t.plain("no") for level in range(3)},
        **{f"checked_closely.{level}": t.plain("yes") if level else t.plain("no") for level in range(3)},
    }
