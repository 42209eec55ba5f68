"""The titles of the sections of `/mydata`, and its values that are words, for a reader."""

from handlers.screens.people.mydata_codes import codes
from locales import Translator


def sections(t: Translator) -> dict[str, str]:
    return {**_sections_from_person(t), **_sections_from_rejected(t)}


def _sections_from_person(t: Translator) -> dict[str, str]:
    return {
        "person": t.plain("You"),
        "settings": t.plain("Your settings"),
        "being_typed": t.plain("What you were typing"),
        "new_project": t.plain("The project you began to describe"),
        "digests": t.plain("Daily news of your projects"),
        "api_keys": t.plain("Keys of your programs"),
        "launches_asked": t.plain("Launches your programs asked you for"),
        "teams": t.plain("Your teams"),
        "team_spending": t.plain("What you set aside for teams"),
        "team_projects": t.plain("Projects you began for teams"),
        "team_invitations": t.plain("Invitations to teams"),
        "team_keys": t.plain("Keys you made for teams"),
        "webhooks": t.plain("Addresses that are called"),
        "webhook_calls": t.plain("Calls of your programs"),
        "asked_by_programs": t.plain("What your programs asked"),
        "noted": t.plain("Noted about you, or done by you"),
        "known_from_before": t.plain("Known from before you left"),
        "account_shared": t.plain("Bank account shared with somebody"),
        "arrived": t.plain("What came from you, by number"),
        "messages": t.plain("Our messages to you"),
        "live_messages": t.plain("Messages that are kept up to date"),
        "projects_answered": t.plain("Projects you know, and your consent"),
        "held_back": t.plain("What comes when a project has ended"),
        "delivered": t.plain("What requesters took that holds your answers"),
        "tasks_given": t.plain("Tasks you were given"),
        "answers": t.plain("Your answers"),
        "answers_before_a_change": t.plain("Answers before you changed them"),
        "being_changed": t.plain("The answer you are changing"),
        "files_sent": t.plain("Pictures and voice messages you sent"),
        "files_that_wait": t.plain("A picture or voice message that waits for your word"),
        "asked": t.plain("Questions you asked"),
        "pay_you_asked": t.plain("Pay you asked for"),
        "ratings_given": t.plain("Marks you gave to requesters"),
        "asked_to_rate": t.plain("Requesters you were asked to rate"),
        "content_chosen": t.plain("What you were warned of, and your choice"),
        "qualifications": t.plain("Your qualifications"),
        "qualifications_requested": t.plain("Qualifications you were offered or asked for"),
        "tests_begun": t.plain("Tests you took that are paid"),
        "blocked_by": t.plain("Requesters who offer you no tasks"),
        "qualification_types": t.plain("Qualifications you ask for in your projects"),
        "layouts_brought": t.plain("Layouts you brought from Mechanical Turk"),
        "workers_blocked": t.plain("Why you blocked workers"),
        "stored_by_pages": t.plain("What requesters' pages store about you"),
        "feedback": t.plain("What requesters said of your answers"),
        "bonuses_received": t.plain("Bonuses you got from programs"),
        "hits_asked": t.plain("HITs of your programs"),
        "requests_named": t.plain("Names your programs gave their requests"),
        "bonuses_given": t.plain("Bonuses your programs gave"),
        "asked_once_more": t.plain("Answers you were asked for once more"),
        "screening": t.plain("Questions about you"),
        "invited_to": t.plain("Projects you were invited to"),
        "reported": t.plain("Tasks you reported"),
        "contested": t.plain("Check questions you contested"),
        "stops": t.plain("Stops of your account or projects"),
    }


def _sections_from_rejected(t: Translator) -> dict[str, str]:
    return {
        "rejected": t.plain("Answers that were rejected"),
        "complaints": t.plain("Your complaints"),
        "machines_measures": t.plain("What machines did about you"),
        "skill": t.plain("What was learnt of your answers"),
        "evidence": t.plain("What was compared in your answers"),
        "restrictions": t.plain("Restrictions"),
        "drawn_as_judge": t.plain("Appeals you were drawn for"),
        "judged": t.plain("Appeals you judged"),
        "boards_read": t.plain("Boards you read"),
        "contacts_wished": t.plain("Contacts you would like"),
        "stood_for_steward": t.plain("Elections you stood in"),
        "ballots_taken": t.plain("Ballot papers you took"),
        "bank_accounts": t.plain("Bank accounts you gave"),
        "payouts": t.plain("Money sent to your bank"),
        "tax_form": t.plain("Your tax form (DAC7)"),
        "tax_returns": t.plain("What the tax office was told"),
        "siret": t.plain("Your SIRET"),
        "billed_to": t.plain("Whom your invoices name"),
        "invoices": t.plain("Invoices for our fees"),
        "contributions": t.plain("Social contributions kept"),
        "money": t.plain("Every movement of your money"),
        "projects_asked": t.plain("Projects you asked for"),
        "ratings_received": t.plain("Marks workers gave you, on average"),
        "files_imported": t.plain("Files you sent for projects"),
        "texts_edited": t.plain("Texts of your projects, as you edited them"),
        "decided": t.plain("What you decided about others' work"),
    }


def values(t: Translator) -> dict[str, str]:
    return {**_values_from_accepted(t), **_values_from_sent(t), **_values_of_cases(t), **codes(t)}


def _values_from_accepted(t: Translator) -> dict[str, str]:
    return {
        "accepted": t.plain("accepted"),
        "active": t.plain("in your hands"),
        "answered": t.plain("answered"),
        "complete": t.plain("complete"),
        "done": t.plain("handled"),
        "draft": t.plain("draft"),
        "dropped": t.plain("not sent"),
        "expired": t.plain("too late"),
        "failed": t.plain("failed"),
        "final": t.plain("final"),
        "granted": t.plain("granted"),
        "kept": t.plain("kept"),
        "open": t.plain("open"),
        "overturned": t.plain("overturned"),
        "paid": t.plain("paid"),
        "refused": t.plain("refused"),
        "rejected": t.plain("rejected"),
        "requested": t.plain("asked for"),
        "returned": t.plain("given back"),
        "running": t.plain("running"),
    }


def _values_from_sent(t: Translator) -> dict[str, str]:
    return {
        "sent": t.plain("sent"),
        "skipped": t.plain("skipped"),
        "standing": t.plain("standing"),
        "stopped": t.plain("stopped"),
        "submitted": t.plain("handed in"),
        "waiting": t.plain("waiting"),
    }


def _values_of_cases(t: Translator) -> dict[str, str]:
    return {
        "appealed": t.plain("objected to"),
        "approved": t.plain("approved"),
        "closed": t.plain("closed"),
        "contested": t.plain("contested"),
        "dead": t.plain("could not be handled"),
        "dismissed": t.plain("led to nothing"),
        "ended": t.plain("ended"),
        "given": t.plain("given"),
        "hidden": t.plain("hidden"),
        "ignored": t.plain("nothing to do"),
        "lapsed": t.plain("lapsed"),
        "lifted": t.plain("lifted"),
        "lost": t.plain("lost"),
        "posted": t.plain("posted"),
        "restored": t.plain("shown again"),
        "resumed": t.plain("goes on"),
        "shown": t.plain("shown"),
        "unknown": t.plain("not known yet"),
        "upheld": t.plain("it stays"),
        "withdrawn": t.plain("taken back"),
        "won": t.plain("won"),
    }
