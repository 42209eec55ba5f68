"""The names of fields in `/mydata`, in words and by the alphabet."""

from locales import Translator


def fields(t: Translator) -> dict[str, str]:
    return {
        **_from_about(t),
        **_from_called_abuse(t),
        **_from_evidence(t),
        **_from_kind(t),
        **_from_offered_at(t),
        **_from_received_at(t),
        **_from_title(t),
        **_of_ratings(t),
        **_of_consents(t),
        **_of_stops(t),
        **_of_programs(t),
        **_of_qualifications(t),
        **_of_taxes(t),
        **_of_teams(t),
    }


def _of_teams(t: Translator) -> dict[str, str]:
    return {
        "cap": t.plain("Limit a month"),
        "hears": t.plain("News"),
        "left_at": t.plain("Left on"),
        "role": t.plain("Role"),
        "team": t.plain("Team"),
    }


def _of_taxes(t: Translator) -> dict[str, str]:
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


def _from_about(t: Translator) -> dict[str, str]:
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
        "asked_later": t.plain("Asked later than others"),
        "balance": t.plain("Balance after"),
        "barred_from_asking": t.plain("May not open projects"),
        "begin_hour": t.plain("From"),
        "board": t.plain("Board"),
        "board_hour": t.plain("Board digest at"),
        "by_you": t.plain("By you"),
        "called": t.plain("Called"),
    }


def _from_called_abuse(t: Translator) -> dict[str, str]:
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


def _from_evidence(t: Translator) -> dict[str, str]:
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


def _from_kind(t: Translator) -> dict[str, str]:
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


def _from_offered_at(t: Translator) -> dict[str, str]:
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


def _from_received_at(t: Translator) -> dict[str, str]:
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


def _from_title(t: Translator) -> dict[str, str]:
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


def _of_ratings(t: Translator) -> dict[str, str]:
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


def _of_consents(t: Translator) -> dict[str, str]:
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


def _of_stops(t: Translator) -> dict[str, str]:
    return {
        "answered_until_at": t.plain("To be answered by"),
        "ruling": t.plain("Answer to the appeal"),
        "suspended": t.plain("Suspended"),
    }


def _of_qualifications(t: Translator) -> dict[str, str]:
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


def _of_programs(t: Translator) -> dict[str, str]:
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
