"""Texts of `/mydata`: names of its sections, fields and values, in alphabetical groups."""

from __future__ import annotations

from domain.answers import list_kinds as answer_kinds
from domain.fairness.reports import KINDS
from domain.people.personal_data import PersonalData
from handlers import answers
from handlers.fairness import automated, reports
from handlers.people import consents, settings
from handlers.screen import Button, FileOrder, Screen, lines, shows
from handlers.work import honest_card
from locales.translator import Translator


def field_names(t: Translator) -> dict[str, str]:
    return {
        **_fields_from_about(t),
        **_fields_from_called_abuse(t),
        **_fields_from_evidence(t),
        **_fields_from_kind(t),
        **_fields_from_offered_at(t),
        **_fields_from_received_at(t),
        **_fields_from_title(t),
        **_rating_fields(t),
        **_consent_fields(t),
        **_stop_fields(t),
        **_program_fields(t),
        **_qualification_fields(t),
        **_tax_fields(t),
        **_team_fields(t),
    }


def _team_fields(t: Translator) -> dict[str, str]:
    return {
        "cap": t.plain("Limit a month"),
        "hears": t.plain("News"),
        "left_at": t.plain("Left on"),
        "role": t.plain("Role"),
        "team": t.plain("Team"),
    }


def _tax_fields(t: Translator) -> dict[str, str]:
    return {
        "changed_at": t.plain("Changed on"),
        "stored": t.plain("Stored"),
        "consideration": t.plain("Earned"),
        "billed_to": t.plain("Billed to"),
        "corrects": t.plain("Corrects number"),
        "issued_at": t.plain("Issued on"),
        "fees": t.plain("Our fees"),
        "month": t.plain("Month"),
        "reference": t.plain("Reference"),
        "siret": "SIRET",
        "year": t.plain("Year"),
        "keep_until_at": t.plain("Kept until"),
        "remind_at": t.plain("Next reminder"),
        "reminders": t.plain("Reminders"),
        "tax_answers": t.plain("Your answers"),
    }


def _fields_from_about(t: Translator) -> dict[str, str]:
    return {
        "about": t.plain("About"),
        "account": t.plain("Account"),
        "action": t.plain("What"),
        "album": t.plain("Album"),
        "amount": t.plain("Amount"),
        "answer": t.plain("Answer"),
        "answer_due_at": t.plain("Answer due on"),
        "answered": t.plain("Answers"),
        "answered_at": t.plain("Answered on"),
        "answers": t.plain("Answers"),
        "appeal": t.plain("Appeal"),
        "appealed_at": t.plain("Appealed on"),
        "asked": t.plain("Pay asked"),
        "asked_at": t.plain("Asked on"),
        "telegram_charge": t.plain("Telegram’s number of the payment"),
        "provider_charge": t.plain("The provider’s number of the payment"),
        "refunded": t.plain("Sent back to the card"),
        "asked_later": t.plain("Asked later than others"),
        "balance": t.plain("Balance after"),
        "barred_from_asking": t.plain("May not open projects"),
        "begin_hour": t.plain("From"),
        "board": t.plain("Board"),
        "board_hour": t.plain("Board digest at"),
        "by_you": t.plain("By you"),
        "called": t.plain("Called"),
    }


def _fields_from_called_abuse(t: Translator) -> dict[str, str]:
    return {
        "called_abuse": t.plain("Called abuse"),
        "check_questions": t.plain("Check questions"),
        "checked_closely": t.plain("More check questions"),
        "clause": t.plain("Line it cites"),
        "consented_at": t.plain("Agreed on"),
        "contacts": t.plain("Exchanges contacts"),
        "contested_at": t.plain("Contested on"),
        "country": t.plain("Country"),
        "created_at": t.plain("Made on"),
        "currency": t.plain("Currency"),
        "data": t.plain("Content"),
        "days": t.plain("Days"),
        "deadline_at": t.plain("Until"),
        "decided_at": t.plain("Decided on"),
        "decision": t.plain("Decision about"),
        "declined": t.plain("No more tasks of it"),
        "digest_at": t.plain("Next board digest"),
        "elected": t.plain("Elected"),
        "election": t.plain("Election"),
        "end_hour": t.plain("To"),
        "ended_at": t.plain("Ended"),
        "ends_at": t.plain("Ends"),
    }


def _fields_from_evidence(t: Translator) -> dict[str, str]:
    return {
        "evidence": t.plain("Grounds"),
        "expected": t.plain("Expected"),
        "facts": t.plain("Details"),
        "fee": t.plain("Fee"),
        "file": t.plain("File"),
        "file_number": t.plain("File number"),
        "fingerprint": t.plain("Code of the account"),
        "found_at": t.plain("Found on"),
        "gap": t.plain("Minutes between tasks"),
        "given_at": t.plain("Given on"),
        "goal_money": t.plain("Daily goal in money"),
        "goal_tasks": t.plain("Daily goal in tasks"),
        "gross": t.plain("Before contributions"),
        "hint": t.plain("Ends in"),
        "holder": t.plain("Holder"),
        "iban": t.plain("IBAN"),
        "imported_at": t.plain("Sent on"),
        "imposed_at": t.plain("Since"),
        "in_place": t.plain("One message for all tasks"),
        "instructions": t.plain("Instructions"),
        "invited_at": t.plain("Invited on"),
        "joined_at": t.plain("First seen"),
    }


def _fields_from_kind(t: Translator) -> dict[str, str]:
    return {
        "kind": t.plain("Kind"),
        "known_at": t.plain("Since"),
        "language": t.plain("Language"),
        "languages": t.plain("Languages"),
        "last_offered_at": t.plain("Last task offered"),
        "last_post_seen": t.plain("Last post seen"),
        "launched_at": t.plain("Launched"),
        "leaving_at": t.plain("Leaving since"),
        "line": t.plain("Line"),
        "made_at": t.plain("Made on"),
        "made_with_a_tool_at": t.plain("You said a tool was used"),
        "memo": t.plain("Note"),
        "message": t.plain("Message number"),
        "model": t.plain("Figures"),
        "month_of_last_name": t.plain("Month of the last made-up name"),
        "missed_of_them": t.plain("Missed of them"),
        "moved_at": t.plain("On"),
        "name": t.plain("Name"),
        "nats": t.plain("How strongly it speaks for that"),
        "net": t.plain("Sent"),
        "noted_at": t.plain("Noted on"),
        "number": t.plain("Number"),
        "observed": t.plain("Observed"),
    }


def _fields_from_offered_at(t: Translator) -> dict[str, str]:
    return {
        "offered_at": t.plain("Offered"),
        "opened_at": t.plain("Opened"),
        "operation": t.plain("Operation"),
        "options": t.plain("Options"),
        "outcome": t.plain("Outcome"),
        "paused": t.plain("Paused"),
        "pay": t.plain("Pay"),
        "payload": t.plain("Content"),
        "pending_until_at": t.plain("Pending until"),
        "post": t.plain("Post"),
        "pressed_so_far": t.plain("Pressed so far"),
        "project": t.plain("Project"),
        "purpose": t.plain("Purpose"),
        "pushed": t.plain("Sent without being asked for"),
        "pushed_at": t.plain("Last task sent"),
        "pushes_unanswered": t.plain("Tasks sent in vain"),
        "qualified": t.plain("Qualified"),
        "question": t.plain("Question"),
        "reachable": t.plain("Can be written to"),
        "reached_on": t.plain("Daily goal reached"),
        "reason": t.plain("Reason"),
    }


def _fields_from_received_at(t: Translator) -> dict[str, str]:
    return {
        "received_at": t.plain("Received"),
        "rejected_at": t.plain("Rejected on"),
        "replaced_at": t.plain("Replaced on"),
        "reported_at": t.plain("Reported on"),
        "requested_at": t.plain("Asked for on"),
        "requester": t.plain("May open projects"),
        "restricted_until_at": t.plain("No tasks until"),
        "revoked_at": t.plain("Revoked on"),
        "right_answer": t.plain("Right (check question)"),
        "right_of_them": t.plain("Right of them"),
        "seat": t.plain("Place in the draw"),
        "seconds": t.plain("Seconds"),
        "shown_to_requester_at": t.plain("Shown to the requester"),
        "state": t.plain("State"),
        "subject": t.plain("About"),
        "submitted_at": t.plain("Answered"),
        "suspicion": t.plain("What was compared"),
        "task": t.plain("Task"),
        "tasks": t.plain("Tasks"),
        "telegram_id": t.plain("Telegram id"),
        "tells": t.plain("Your answer counts for (1 is usual)"),
    }


def _fields_from_title(t: Translator) -> dict[str, str]:
    return {
        "title": t.plain("Title"),
        "version": t.plain("Version"),
        "unwanted": t.plain("Kinds not wanted"),
        "updated_at": t.plain("Last changed"),
        "usable_at": t.plain("Usable from"),
        "username": t.plain("Telegram name"),
        "verdict": t.plain("Verdict"),
        "votes": t.plain("Votes"),
        "wished_on": t.plain("Wished on"),
        "withdrawn_at": t.plain("Consent taken back"),
        "withheld": t.plain("Withheld for contributions"),
        "withheld_basis_points": t.plain("Withheld from your pay"),
        "written_at": t.plain("Written"),
        "your_words": t.plain("Your words"),
        "zone": t.plain("Time zone"),
    }


def _rating_fields(t: Translator) -> dict[str, str]:
    return {
        "shows": t.plain("Shows"),
        "mark_for_clarity": t.plain("Clarity (1 to 5)"),
        "mark_for_fairness": t.plain("Fairness (1 to 5)"),
        "mark_for_pay": t.plain("Pay (1 to 5)"),
        "mark_for_replies": t.plain("Replies (1 to 5)"),
        "ratings": t.plain("Ratings"),
        "reply": t.plain("Your reply"),
        "to_be_asked_at": t.plain("To be asked on"),
        "your_choice": t.plain("Choice"),
    }


def _consent_fields(t: Translator) -> dict[str, str]:
    return {
        "admin_words": t.plain("Why an admin confirmed it"),
        "format": t.plain("Format"),
        "last_at": t.plain("Last on"),
        "taken_back": t.plain("Answers taken back"),
        "terms": t.plain("Version of the terms"),
        "times": t.plain("Times"),
        "to_confirm_until_at": t.plain("A person confirms it until"),
        "what": t.plain("What"),
    }


def _stop_fields(t: Translator) -> dict[str, str]:
    return {
        "answered_until_at": t.plain("To be answered by"),
        "ruling": t.plain("Answer to the appeal"),
        "suspended": t.plain("Suspended"),
    }


def _qualification_fields(t: Translator) -> dict[str, str]:
    return {
        "active": t.plain("In use (0 no)"),
        "again_after_seconds": t.plain("Again after (seconds)"),
        "answer_key": t.plain("Key of the test"),
        "begun_at": t.plain("Begun on"),
        "blocked_at": t.plain("Blocked on"),
        "deleted_at": t.plain("Deleted on"),
        "description": t.plain("What it is about"),
        "granted": t.plain("Yours (0 no)"),
        "granted_by_itself": t.plain("Granted at once, with"),
        "keywords": t.plain("Keywords"),
        "paid_at": t.plain("Paid on"),
        "test": t.plain("Its test"),
        "test_seconds": t.plain("Time for the test (seconds)"),
        "until_at": t.plain("Until"),
        "off": t.plain("Switched off"),
        "next_at": t.plain("Next on"),
        "value": t.plain("Value"),
    }


def _program_fields(t: Translator) -> dict[str, str]:
    return {
        "annotation": t.plain("Note of the program"),
        "at": t.plain("On"),
        "attempts": t.plain("Tries"),
        "body": t.plain("What was sent"),
        "budget": t.plain("May spend"),
        "kinds": t.plain("Events"),
        "expires_at": t.plain("Offered until"),
        "removed_at": t.plain("Removed on"),
        "price": t.plain("Price at most"),
        "scope": t.plain("May do"),
        "words": t.plain("Words"),
        "token": t.plain("Name of the request"),
        "told_when": t.plain("Told when"),
        "spent": t.plain("Spent"),
        "status": t.plain("Outcome (code)"),
        "url": t.plain("Address"),
        "used_at": t.plain("Last used on"),
    }


def movement_names(t: Translator) -> dict[str, str]:
    return {**_pay_movements(t), **_fund_movements(t), **_payout_movements(t)}


def _pay_movements(t: Translator) -> dict[str, str]:
    return {
        "reward": t.plain("pay of an answer"),
        "release": t.plain("pending pay became yours"),
        "reject": t.plain("pay set aside: rejected"),
        "appeal": t.plain("paid after an appeal"),
        "forfeit": t.plain("back to the requester: the rejection stands"),
        "judge": t.plain("pay for judging an appeal"),
        "topup": t.plain("topped up to the minimum"),
        "bonus": t.plain("bonus"),
        "test": t.plain("pay for taking a test"),
        "redo": t.plain("pay of an answer given once more"),
        "extra": t.plain("held for an answer once more"),
        "unextra": t.plain("came back from a project"),
        "fee": t.plain("fee"),
        "feeback": t.plain("fee given back"),
    }


def _fund_movements(t: Translator) -> dict[str, str]:
    return {
        "deposit": t.plain("money paid in"),
        "refund": t.plain("money sent back"),
        "launch": t.plain("held for a project"),
        "raise": t.plain("held for a higher pay"),
        "return": t.plain("came back from a project"),
        "reserve": t.plain("held for top-ups"),
        "unreserve": t.plain("what was held for top-ups came back"),
        "training": t.plain("held for a test"),
        "untraining": t.plain("was held for a test"),
        "stake": t.plain("held for judges"),
        "unstake": t.plain("was held for judges"),
        "costs": t.plain("judges’ pay given back"),
        "gather": t.plain("fees, between accounts"),
        "jury": t.plain("held for judges"),
        "unjury": t.plain("was held for judges"),
        "handed on": t.plain("handed on"),
        "handed back": t.plain("given back by the authority"),
        "unexplained": t.plain("moved at the bank, not explained yet"),
        "explained": t.plain("explained"),
        "card fee": t.plain("kept by the provider of cards"),
        "card fee back": t.plain("given back by the provider of cards"),
        "card payout": t.plain("card payments, paid out to the bank"),
        "card payout back": t.plain("card payments, taken back"),
        "charge": t.plain("the bank’s charge"),
        "charge back": t.plain("the bank’s charge, given back"),
        "drawn": t.plain("fees taken out"),
        "paid in": t.plain("paid in by whoever runs this bot"),
        "advance": t.plain("social contributions, advanced from the fees"),
        "advance back": t.plain("advanced social contributions, back to the fees"),
    }


def _payout_movements(t: Translator) -> dict[str, str]:
    return {
        "waived": t.plain("given up, back to who paid it"),
        "payout": t.plain("on its way to you"),
        "paid": t.plain("sent to your bank"),
        "unpaid": t.plain("came back: it was not sent"),
        "bounced": t.plain("came back from the bank"),
        "withhold": t.plain("kept for your contributions"),
        "unwithhold": t.plain("what was kept for contributions came back"),
    }


def account_names(t: Translator) -> dict[str, str]:
    return {
        "worker:available": t.plain("your pay, available"),
        "worker:pending": t.plain("your pay, pending"),
        "worker:payout": t.plain("your pay, on its way to the bank"),
        "requester:tests": t.plain("your money for tests"),
        "requester:available": t.plain("your money for projects"),
    }


def code_names(t: Translator) -> dict[str, str]:
    return {
        **{f"kind.{kind}": answers.screen_of(kind).kind_label(t) for kind in answer_kinds()},
        **{f"kind.{kind}": reports.kind_name(kind, t) for kind in KINDS},
        **{f"shows.{kind}": name for kind, name in honest_card.get_kind_names(t).items()},
        **{f"unwanted.{way}": name for way, name in settings.way_names(t).items()},
        **{f"kind.{kind}": name for kind, name in _measure_names(t).items()},
        **{f"kind.{kind}": name for kind, name in movement_names(t).items()},
        **{f"account.{name}": name_words for name, name_words in account_names(t).items()},
        **{
            f"{field}.{code}": name_words
            for field in ("suspicion", "reason")
            for code, name_words in _suspicion_names(t).items()
        },
        **{f"about.{name}": decision.name for name, decision in automated.decision_texts(t).items()},
        **{
            f"about.{name}": name_words
            for name, name_words in (
                *_part_names(t).items(),
                *_typed_names(t).items(),
                *_admin_typed_names(t).items(),
                *_live_message_names(t).items(),
            )
        },
        **{
            f"subject.{name}": name_words
            for name, name_words in (*_subject_names(t).items(), *_live_message_names(t).items())
        },
        **{f"decision.{name}": name_words for name, name_words in _decision_names(t).items()},
        **{
            f"action.{name}": name_words
            for name, name_words in (*_admin_action_names(t).items(), *_other_action_names(t).items())
        },
        **{f"what.{name}": name_words for name, name_words in _delivery_names(t).items()},
        "what.check questions": t.plain("which check questions you answered right, and figures that show it"),
        "reason.others still answer them": t.plain("others still answer them"),
        "told_when.the project ends": t.plain("the project has ended"),
        **_choice_names(t),
        **_team_code_names(t),
    }


def _team_code_names(t: Translator) -> dict[str, str]:
    return {
        "role.owner": t.plain("owner"),
        "role.spender": t.plain("may spend"),
        "role.viewer": t.plain("may look and review"),
        "hears.all": t.plain("of all its projects"),
        "hears.own": t.plain("of my projects only"),
        "hears.none": t.plain("none"),
    }


def _measure_names(t: Translator) -> dict[str, str]:
    return {
        "later": t.plain("asked after others"),
        "checks": t.plain("more check questions"),
        "held": t.plain("pay pending for longer"),
    }


def _suspicion_names(t: Translator) -> dict[str, str]:
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


def _part_names(t: Translator) -> dict[str, str]:
    """Names of the parts of the bot that a message comes from."""
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


def _typed_names(t: Translator) -> dict[str, str]:
    """Names of what a person was typing, and of what a complaint is about."""
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


def _admin_typed_names(t: Translator) -> dict[str, str]:
    """Names of what admins type, and of what is typed on the board."""
    return {
        "end": t.plain("why a project ends"),
        "suspend": t.plain("why an account is suspended"),
        "first look": t.plain("why a project must not start"),
        "role request": t.plain("your request to give work"),
        "role refusal": t.plain("why somebody must not open projects"),
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


def _live_message_names(t: Translator) -> dict[str, str]:
    """Names of messages that are kept up to date."""
    return {
        "project": t.plain("project"),
        "released": t.plain("pay that became yours"),
        "settings": t.plain("your settings"),
        "case": t.plain("a case for admins"),
        "question": t.plain("a question"),
        "complaint": t.plain("a complaint"),
        "stop": t.plain("stop of a project or person"),
    }


def _subject_names(t: Translator) -> dict[str, str]:
    return {
        "person": t.plain("person"),
        "project": t.plain("project"),
        "restriction": t.plain("a restriction"),
        "payout": t.plain("payout"),
        "submission": t.plain("answer"),
    }


def _decision_names(t: Translator) -> dict[str, str]:
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
        "card payment": t.plain("card payment"),
        "board": t.plain("post of the board"),
    }


def _admin_action_names(t: Translator) -> dict[str, str]:
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


def _other_action_names(t: Translator) -> dict[str, str]:
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
    }


def _delivery_names(t: Translator) -> dict[str, str]:
    return {
        "results": t.plain("results"),
        "submissions": t.plain("submissions"),
        "files": t.plain("photos or voice messages"),
        "chat": t.plain("shown in the chat"),
    }


def _choice_names(t: Translator) -> dict[str, str]:
    return {
        "your_choice.shown": t.plain("you were warned"),
        "your_choice.agreed": t.plain("you agreed"),
        "your_choice.refused": t.plain("you refused"),
        "verdict.worker": t.plain("for the worker"),
        "verdict.requester": t.plain("for the requester"),
        **{f"asked_later.{level}": t.plain("yes") if level else t.plain("no") for level in range(3)},
        **{f"checked_closely.{level}": t.plain("yes") if level else t.plain("no") for level in range(3)},
    }


def section_names(t: Translator) -> dict[str, str]:
    return {**_sections_from_person(t), **_sections_from_rejected(t)}


def _sections_from_person(t: Translator) -> dict[str, str]:
    return {
        "person": t.plain("You"),
        "settings": t.plain("Your settings"),
        "being_typed": t.plain("What you were typing"),
        "new_project": t.plain("The project you began to describe"),
        "digests": t.plain("Daily news of your projects"),
        "api_keys": t.plain("Keys of your programs"),
        "web_sessions": t.plain("Browsers that are signed in"),
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
        "card_payments": t.plain("Your card payments"),
        "role_requests": t.plain("Your requests to give work"),
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


def value_names(t: Translator) -> dict[str, str]:
    return {**_values_from_accepted(t), **_values_from_sent(t), **_values_of_cases(t), **code_names(t)}


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


@shows(PersonalData)
def personal_data_screen(m: PersonalData, t: Translator) -> Screen:
    whose = {"person": m.person, "telegram_id": m.telegram_id, "form": m.form}
    if m.form == "json":
        return Screen(t("🔒 Here is all that is kept about you, as data (JSON)."), file=FileOrder("mydata", whose))
    order = FileOrder("mydata", {**whose, "language": t.language, "words": page_texts(t)})
    used = Button(t.plain("📤 What may use my answers"), consents.ListConsents().pack())
    texts = lines(t("📖 The same to read: open this page."), t("To erase all of it: /forget"))
    return Screen(texts, ((used,),), file=order)


def page_texts(t: Translator) -> dict[str, str]:
    """Return all texts of the page, by the names that formats/personal_data.py uses."""
    return {
        "title": t.plain("What is kept about you"),
        "about": introduction(t),
        "made": t.plain("Drawn up on"),
        "nothing": t.plain("Nothing is kept here under"),
        "yes": t.plain("yes"),
        "no": t.plain("no"),
        "none": t.plain("none"),
        "not told": t.plain("not told"),
        "any time": t.plain("any time"),
        "every day": t.plain("Every day"),
        "house's board": t.plain("of the house"),
        "right": t.plain("Right, as far as can be told"),
        "behind": t.plain("Answers it is drawn from"),
        "guessing": t.plain("Right by guessing alone"),
        "reckoned": t.plain("What the computer reckons with:"),
        **{f"section.{name}": text for name, text in section_names(t).items()},
        **{f"field.{name}": text for name, text in field_names(t).items()},
        **{f"value.{name}": text for name, text in value_names(t).items()},
    }


def introduction(t: Translator) -> str:
    return "\n".join(
        (
            t.plain(
                "This page holds everything this bot keeps about you. Numbers are rounded; the data file has them whole."
            ),
            t.plain(
                "One thing comes later: while a project runs, its check questions are secret, as others still answer them. Which of your answers to them were right, and the figures that would show it, are here when the project has ended. What you missed is here already."
            ),
            t.plain(
                "What you write on the boards is not in it: nothing there leads to you, so nobody can look it up. The same holds for your vote for stewards."
            ),
            t.plain("To erase all of it, send /forget to the bot. Why it is kept: /privacy"),
        )
    )
