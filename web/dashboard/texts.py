"""Texts of the dashboard's page, from the same catalogue as the chat's. The page fills their places itself."""

import re
from functools import cache

from locales import translator
from locales.translator import Translator

Words = dict[str, str | tuple[str, str]]  # by key; of a plural (one, many)


@cache
def page_words(language: str) -> Words:
    """Return every text of the page."""
    t = translator(language)
    parts = (make_words(t) for make_words in PARTS)
    return {"language": language, **{key: text for words in parts for key, text in words.items()}}


class Plurals:
    """Both forms of a text, by the name that the catalogue looks for."""

    def __init__(self, t: Translator) -> None:
        self._t = t

    def n(self, one: str, many: str) -> tuple[str, str]:
        """Return the text for one and for many; the page fills `{count}` and the other places."""
        places = {name: f"{{{name}}}" for name in re.findall(r"{(\w+)}", many)}
        return str(self._t.n(one, many, 1, **places)), str(self._t.n(one, many, 2, **places))


def _frame(t: Translator) -> Words:
    return {
        "title": t.plain("Dashboard"),
        "projects": t.plain("Projects"),
        "funds": t.plain("Funds"),
        "queue": t.plain("Waiting for a human"),
        "house": t.plain("The house"),
        "my_work": t.plain("My work"),
        "sign_out": t.plain("Sign out"),
        "signed_out": t.plain("You are signed out. /web in the chat signs you in again."),
        "sign_in": t.plain("Open this page by 📊 Look in the chat, or by the link that /web gives."),
        "unreached": t.plain("No connection. Try again in a moment."),
        "failed": t.plain("This failed here. Nothing was changed."),
        "nothing_here": t.plain("There is nothing here for you."),
        "again": t.plain("Try again"),
        "skip": t.plain("To the content"),
        "close": t.plain("Close"),
        "send": t.plain("Send"),
        "older": t.plain("Older"),
        "as_table": t.plain("As a table"),
        "time": t.plain("Time"),
        "moment": t.plain("When"),
        "done_one": t.plain("Done."),
    }


def _project(t: Translator) -> Words:
    return {
        "no_projects": t.plain("No project yet. /newproject in the chat makes one."),
        "pay_each": t.plain("{pay} an answer", pay="{pay}"),
        "state_draft": t.plain("not launched"),
        "state_running": t.plain("running"),
        "state_paused": t.plain("paused"),
        "state_stopped": t.plain("stopped"),
        "state_complete": t.plain("complete"),
        "parts": t.plain("Parts of the project"),
        "overview": t.plain("Overview"),
        "quality": t.plain("Quality"),
        "tasks": t.plain("Tasks"),
        "money": t.plain("Money"),
        "files": t.plain("Files"),
    }


def _progress(t: Translator) -> Words:
    return {
        "answers": t.plain("Answers"),
        "workers": t.plain("Workers"),
        "finished": t.plain("Finished tasks"),
        "finished_of": t.plain("{closed} of {count} tasks done", closed="{closed}", count="{count}"),
        "each_task": t.plain("Answers a task"),
        "until_sure": t.plain("until {share} sure", share="{share}"),
        "gold_right": t.plain("Right on gold"),
        "accuracy": t.plain("Right results, forecast"),
        "range": t.plain("{low} to {high}", low="{low}", high="{high}"),
        "no_gold_yet": t.plain("no check question answered yet"),
        "time_left": t.plain("Time left"),
        "spent": t.plain("Spent"),
        "held": t.plain("Held"),
        "reserve": t.plain("In case tasks take longer"),
        "topped_up": t.plain("Topped up"),
        "pay": t.plain("Pay"),
        "hourly": t.plain("Pay per hour, measured"),
        "floor_is": t.plain("at least {floor}", floor="{floor}"),
        "no_answers": t.plain("No answer yet."),
        "over_time": t.plain("Answers and finished tasks up to {last}", last="{last}"),
    }


def _quality(t: Translator) -> Words:
    return {
        "agreeing": t.plain("Like the result"),
        "agreeing_means": t.plain("answers that are what their task came to"),
        "results_right": t.plain("Results right on gold"),
        "same_answer": t.plain("Two answers alike"),
        "pairs_of": Plurals(t).n("on {count} task", "on {count} tasks"),
        "alpha": t.plain("Krippendorff’s α"),
        "alpha_means": t.plain("1 is full agreement, 0 is chance"),
        "kappa": t.plain("Fleiss’ κ"),
        "gold_changed": t.plain("Results changed by check questions"),
        "no_confidence": t.plain("No result has a confidence so far."),
        "confidence": t.plain("Confidence"),
        "confidence_chart": t.plain("How sure the results are"),
    }


def _quality_tables(t: Translator) -> Words:
    return {
        "calibration": t.plain("Whether confidence keeps its word, on check questions"),
        "claimed": t.plain("Confidence"),
        "results_on_gold": t.plain("Results"),
        "mean_claim": t.plain("Claimed"),
        "right_share": t.plain("Right"),
        "question": t.plain("Question"),
        "by_question": t.plain("Agreement by question"),
        "confusion": t.plain("What results were, where the right answer is known"),
        "truth_and_result": t.plain("right answer ↓ · result →"),
        "by_option": t.plain("Results by option"),
        "result": t.plain("Result"),
        "of_gold": t.plain("Check questions"),
        "right": t.plain("Right"),
        "likely": t.plain("Likely"),
        "worker": t.plain("Worker"),
        "gold_seen": t.plain("Check questions"),
    }


def _workers_and_models(t: Translator) -> Words:
    return {
        "model": t.plain("Model"),
        "models": t.plain("Models against people"),
        "models_saved": t.plain(
            "{closed} tasks with a model’s answer are done: {once} with one person’s answer, {never} with none. "
            "Saved: {saved}.",
            closed="{closed}",
            once="{once}",
            never="{never}",
            saved="{saved}",
        ),
        "models_on_gold": t.plain(
            "Right on check questions: {right} with the models, {alone} by people alone.",
            right="{right}",
            alone="{alone}",
        ),
    }


def _tasks(t: Translator) -> Words:
    return {
        "task": t.plain("Task"),
        "item": t.plain("Item"),
        "answer": t.plain("Answer"),
        "votes": t.plain("Votes"),
        "state": t.plain("State"),
        "choose": t.plain("Choose"),
        "choose_task": t.plain("Choose task {task}", task="{task}"),
        "chosen_tasks": t.plain("Chosen tasks"),
        "chosen": Plurals(t).n("{count} chosen", "{count} chosen"),
        "so_far": t.plain("So far"),
        "no_tasks": t.plain("No task is like this."),
        "tasks_found": Plurals(t).n("{count} task", "{count} tasks"),
        "filters": t.plain("Filters"),
        "search": t.plain("Search the text"),
        "every_answer": t.plain("Every answer"),
    }


def _task_filters(t: Translator) -> Words:
    return {
        "only_contested": t.plain("Contested"),
        "only_low": t.plain("Unsure"),
        "only_missed": t.plain("Missed check questions"),
        "only_rejected": t.plain("Rejected answers"),
        "only_silent": t.plain("“can't tell”"),
        "only_gold": t.plain("Check questions"),
        "only_open": t.plain("Not finished"),
        "task_draft": t.plain("not launched"),
        "task_open": t.plain("still open"),
        "task_closed": t.plain("done"),
        "task_stopped": t.plain("stopped"),
        "more_answers": Plurals(t).n("+{count} answer", "+{count} answers"),
        "more_asked": t.plain("More answers are asked for on {count} tasks: {cost}", count="{count}", cost="{cost}"),
        "make_gold": t.plain("Make a check question"),
        "accept_all": t.plain("Accept the answers"),
        "reject_all": t.plain("Reject the answers"),
        "done": Plurals(t).n("{count} done.", "{count} done."),
        "not_done": Plurals(t).n("{count} not:", "{count} not:"),
    }


def _task(t: Translator) -> Words:
    return {
        "gold": t.plain("Check question"),
        "task_before": t.plain("The task before"),
        "task_behind": t.plain("The next task"),
        "marks": Plurals(t).n("{count} mark", "{count} marks"),
        "whose_marks": t.plain("Whose marks are shown"),
        "picture_of_task": t.plain("The picture of the task"),
        "file": t.plain("File"),
        "file_missing": t.plain("The file could not be loaded."),
        "show_file": t.plain("Show"),
        "cant_tell": t.plain("can't tell"),
        "hidden": t.plain("hidden while its rejection is disputed"),
        "answer_submitted": t.plain("pending"),
        "answer_accepted": t.plain("accepted"),
        "answer_disputed": t.plain("rejected"),
        "accept": t.plain("Accept"),
        "reject": t.plain("Reject"),
        "line": t.plain("The line that was not followed"),
        "reason": t.plain("Reason"),
        "right_answer": t.plain("Right answer"),
        "gold_reason": t.plain("Why, for those who miss it"),
    }


def _money(t: Translator) -> Words:
    return {
        "free": t.plain("Free"),
        "deposited": t.plain("Paid in"),
        "bonuses": t.plain("Bonuses"),
        "refunded": t.plain("Refunded"),
        "judges": t.plain("Judges"),
        "project": t.plain("Project"),
        "by_project": t.plain("By project"),
        "given": t.plain("Given"),
        "older_projects": Plurals(t).n(
            "… and {count} more: {given} given to it, {left} of it left",
            "… and {count} more: {given} given to them, {left} of it left",
        ),
        "rewards": t.plain("Rewards"),
        "fees": t.plain("Fees"),
        "disputed": t.plain("Disputed"),
        "returned": t.plain("Returned"),
        "movements": t.plain("Movements"),
        "movement": t.plain("Movement"),
        "operation": t.plain("Operation"),
        "amount": t.plain("Amount"),
        "balance": t.plain("Balance"),
        "no_movements": t.plain("No movement here."),
    }


def _costs(t: Translator) -> Words:
    return {
        "costs": t.plain("Costs by month"),
        "costs_of": t.plain("Costs of {month}", month="{month}"),
        "month": t.plain("Month"),
        "total": t.plain("In all"),
        "download": t.plain("Download"),
    }


def _movements(t: Translator) -> Words:
    """Return the names of movements by their kind."""
    return {
        "kind_deposit": t.plain("paid in"),
        "kind_refund": t.plain("refunded"),
        "kind_launch": t.plain("held for a project"),
        "kind_reserve": t.plain("held for top-ups"),
        "kind_return": t.plain("came back from a project"),
        "kind_unreserve": t.plain("came back from top-ups"),
        "kind_bonus": t.plain("bonus"),
        "kind_stake": t.plain("held for judges"),
        "kind_unstake": t.plain("came back from judges"),
        "kind_topup": t.plain("top-up"),
    }


def _files(t: Translator) -> Words:
    return {
        "file_results": t.plain("Results"),
        "file_results_means": t.plain("One row a task."),
        "file_submissions": t.plain("Submissions"),
        "file_submissions_means": t.plain("One row an answer."),
        "file_figures": t.plain("Figures"),
        "file_figures_means": t.plain("Agreement and accuracy, as papers report them."),
        "file_chat": t.plain("In the chat"),
        "file_chat_means": t.plain("The bot sends them."),
        "in_chat": t.plain("It comes in the chat."),
        "being_made": t.plain("being made …"),
    }


def _admin(t: Translator) -> Words:
    return {
        "nothing_waits": t.plain("Nothing waits for you."),
        "overdue": t.plain("overdue"),
        "time_left_of": t.plain("{time} left", time="{time}"),
        "people_at_work": t.plain("Workers"),
        "waiting_now": t.plain("{count} wait now", count="{count}"),
        "answers_day": t.plain("Answers in 24 hours"),
        "answers_by_hour": t.plain("Answers by the hour"),
        "to_be_handled": t.plain("Updates to be handled"),
        "to_be_sent": t.plain("Messages to be sent"),
        "refused_day": t.plain("Refused by Telegram in 24 hours"),
        "refused_tasks": t.plain("Tasks refused by Telegram"),
        "bank_files": t.plain("Payouts for a bank file"),
        "processes": t.plain("Processes"),
        "process": t.plain("Process"),
        "role": t.plain("Role"),
    }


def _ledger(t: Translator) -> Words:
    return {
        "rules": t.plain("Rules of the ledger"),
        "rules_broken": Plurals(t).n("{count} broken", "{count} broken"),
        "seal": t.plain("Seal"),
        "currency": t.plain("Currency"),
        "at_bank": t.plain("At the bank"),
        "owed": t.plain("Owed"),
        "solvency": t.plain("Covered"),
        "requesters": t.plain("Requesters"),
        "withheld": t.plain("Withheld"),
        "unexplained": t.plain("Unexplained"),
        "deposited_day": t.plain("Deposited in 24 hours"),
        "earned_day": t.plain("Earned in 24 hours"),
        "paid_day": t.plain("Paid out in 24 hours"),
        "hour": t.plain("Hour"),
    }


def _work(t: Translator) -> Words:
    return {
        "available": t.plain("Available"),
        "pending": t.plain("Pending"),
        "on_its_way": t.plain("On its way to the bank"),
        "hours": t.plain("Hours"),
        "hours_in": t.plain("Hours in {count} days", count="{count}"),
        "my_hourly": t.plain("Pay per hour"),
        "until": t.plain("Until"),
        "pending_why": t.plain("Pending pay"),
        "nothing_pending": t.plain("No pay is pending."),
        "earned": t.plain("Earned"),
        "paid_out": t.plain("Paid out"),
        "earned_over_time": t.plain("Earned and paid out, {currency}", currency="{currency}"),
    }


PARTS = (
    *(_frame, _project, _progress, _quality, _quality_tables, _workers_and_models, _tasks, _task_filters, _task),
    *(_money, _costs, _movements, _files, _admin, _ledger, _work),
)
