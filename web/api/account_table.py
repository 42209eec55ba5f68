"""Endpoints of what belongs to an account rather than a project: money, webhooks, keys, teams, workers' blocks,
qualifications, and reviews of models' answers."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from decimal import Decimal

from domain import programs
from domain.money.bonus import BonusGiven
from domain.money.explanations import Explanation
from domain.money.funds import FundingAsked, Funds
from domain.people.accounts import ApiKeyRevoked, ApiKeys
from domain.people.qualifications import (
    HoldersChanged,
    QualificationDeletion,
    QualificationList,
    QualificationPage,
    TypeId,
)
from domain.people.teams import TeamNumber
from domain.people.webhooks import WebhookGone, WebhookMade, WebhookResent, Webhooks
from domain.projects.tasks import Review
from jobs.webhooks import is_unknown_host
from services.act import Act, House, Reply
from services.fairness import ratings
from services.money import bonus, explanations, funds, statements
from services.people import api_keys, blocks, qualifications, teams, webhooks
from services.projects import progress
from services.projects.progress import LedgerLine
from services.quality import model_reviews
from web.api import bodies
from web.api.bodies import PageQuery, millionths
from web.api.endpoint import DRAFT, READ, SPEND, AnswerWay, Endpoint, with_tag

Look = Callable[[Callable[[Act], object]], Awaitable[object]]


def give_bonus(act: Act, worker: str, amount: str, reason: str) -> BonusGiven:
    return bonus.give_amount(act, worker, *bonus.require_amount_and_reason(millionths(amount), reason))


def ask_funding(act: Act, amount: str) -> FundingAsked:
    return funds.get_transfer(act, f"{Decimal(amount):.2f}" if Decimal(amount) % Decimal("0.01") == 0 else amount)


def order_costs_file(act: Act, year: int, month: int) -> dict[str, object]:
    """Return the facts of the statement of a month's costs as a file."""
    return asdict(statements.order_lines(act, year, month))


async def look_up_host(house: House, look: Look, url: str, kinds: list[str]) -> dict[str, bool]:
    """Return whether the address's host is unknown. Raise as the service does before anything is looked up."""
    await look(lambda act: webhooks.require_valid_webhook(act, "add", url, ", ".join(kinds)))
    return {"unknown": await is_unknown_host(house, url)}


def resend_calls(act: Act, number: int) -> object:
    return webhooks.change_webhook(act, "resend", number)


def remove_webhook(act: Act, number: int) -> object:
    return webhooks.change_webhook(act, "remove", number)


def revoke_key(act: Act, number: int) -> ApiKeyRevoked:
    return api_keys.revoke_key(act, number)


def list_qualifications(act: Act, after: int, limit: int) -> Reply:
    return qualifications.show_types(act, TeamNumber(act.person.team_number), after)


def show_qualification(act: Act, number: int) -> QualificationPage:
    return qualifications.show_type(act, TypeId(number))


def create_qualification(act: Act, lines: list[str]) -> QualificationPage:
    return qualifications.create_type(act, "\n".join(lines))


def change_holders(act: Act, number: int, lines: list[str]) -> HoldersChanged:
    return qualifications.change_holders(act, TypeId(number), "\n".join(lines))


def delete_qualification(act: Act, number: int) -> QualificationDeletion:
    return qualifications.delete_qualification(act, TypeId(number), sure=True)


MONEY = with_tag(
    "money",
    Endpoint(
        "GET", "/balance", READ, "your money: free, and held for projects", funds.read_funds,
        answers=Funds, stays=True, serves=(funds.show_funds,),
    ),
    Endpoint(
        "GET", "/ledger", READ, "the newest movements of your free money", progress.list_ledger_lines,
        answers=tuple[LedgerLine, ...], stays=True,
    ),
    Endpoint(
        "GET", "/operations/{operation}", READ, "a movement of your money, explained",
        explanations.explain_to_requester, answers=Explanation, stays=True, serves=(explanations.explain_operation,),
    ),
    Endpoint(
        "GET", "/costs", READ, "what your projects cost in a month", statements.list_costs,
        answers=programs.CostTable, query=bodies.MonthQuery, stays=True, serves=(statements.order_lines,),
    ),
    Endpoint(
        "GET", "/costs/file", READ, "the same as CSV", order_costs_file, query=bodies.MonthQuery, way=AnswerWay.FILE,
        stays=True, makes="invoice_lines", mime="text/csv",
    ),
    Endpoint(
        "POST", "/bonuses", SPEND, "thank a worker of yours", give_bonus, answers=BonusGiven, body=bodies.Bonus,
        status=201, serves=(bonus.give, bonus.ask_for_amount, bonus.book_file),
    ),
    Endpoint(
        "POST", "/funding", DRAFT, "where to send money, and under which reference", ask_funding, answers=FundingAsked,
        body=bodies.Funding,
        serves=(funds.ask_for_transfer, funds.ask_for_transfer_by_button, funds.choose_amount),
    ),
)  # fmt: skip
WEBHOOKS = with_tag(
    "webhooks",
    Endpoint(
        "GET", "/webhooks", READ, "addresses that are called when something happens", webhooks.list_webhooks,
        answers=Webhooks, stays=True,
    ),
    Endpoint(
        "POST", "/webhooks", DRAFT, "have an address called; its secret is answered this once", webhooks.add_by_program,
        answers=WebhookMade, body=bodies.NewWebhook, status=201, prepare=look_up_host, hides=("secret",),
        serves=(webhooks.require_valid_webhook,),
    ),
    Endpoint(
        "POST", "/webhooks/{number}/resend", DRAFT, "call it again with what did not arrive", resend_calls,
        answers=WebhookResent, serves=(webhooks.change_webhook, webhooks.press_change),
    ),
    Endpoint("DELETE", "/webhooks/{number}", DRAFT, "call it no more", remove_webhook, answers=WebhookGone),
)  # fmt: skip
ACCOUNT = with_tag(
    "account",
    Endpoint(
        "GET", "/keys", READ, "your keys, and what each has spent", api_keys.list_keys, answers=ApiKeys, stays=True,
    ),
    Endpoint(
        "DELETE", "/keys/{number}", SPEND, "end a key at once, also this one", revoke_key, answers=ApiKeyRevoked,
        stays=True, serves=(api_keys.revoke_key, api_keys.revoke_typed_key),
    ),
    Endpoint(
        "GET", "/teams", READ, "your teams: members, limits, what each has spent; of a team's key that team",
        teams.list_for_program, answers=programs.ProgramsTeams,
        serves=(teams.show_accounts, teams.show_members, teams.show_member),
    ),
    Endpoint(
        "GET", "/rating", READ, "what everybody may see of your ratings", ratings.read_own_rating,
        answers=programs.OwnRating, stays=True,
    ),
)  # fmt: skip
WORKERS = with_tag(
    "workers",
    Endpoint(
        "GET", "/blocks", READ, "workers who are offered none of your tasks", blocks.list_by_name,
        answers=programs.ProgramsBlocks, stays=True, serves=(blocks.list_blocks,),
    ),
    Endpoint(
        "POST", "/blocks", DRAFT, "offer a worker no more tasks; they read the reason", blocks.block_by_name,
        answers=programs.ProgramsBlock, body=bodies.NewBlock, status=201, serves=(blocks.ask_block_reason,),
    ),
    Endpoint(
        "POST", "/blocks/remove", DRAFT, "offer a worker tasks again", blocks.unblock_by_name,
        answers=programs.ProgramsUnblocked, body=bodies.WorkerChoice, serves=(blocks.unblock_worker,),
    ),
    Endpoint(
        "GET", "/qualifications", READ, "your qualifications, eight at a time", list_qualifications,
        answers=QualificationList, query=PageQuery, stays=True, serves=(qualifications.show_types,),
    ),
    Endpoint(
        "POST", "/qualifications", SPEND, "a new one, and the pay of its test", create_qualification,
        answers=QualificationPage, body=bodies.QualificationLines, status=201, serves=(qualifications.ask_new_type,),
    ),
    Endpoint(
        "GET", "/qualifications/{number}", READ, "one of them", show_qualification, answers=QualificationPage,
        stays=True, serves=(qualifications.show_type,),
    ),
    Endpoint(
        "POST", "/qualifications/{number}/holders", DRAFT, "give it to workers, or take it away", change_holders,
        answers=HoldersChanged, body=bodies.HolderLines, serves=(qualifications.ask_holders,),
    ),
    Endpoint(
        "DELETE", "/qualifications/{number}", SPEND, "delete it; what its test does not need comes back",
        delete_qualification, answers=QualificationDeletion, serves=(qualifications.delete_qualification,),
    ),
)  # fmt: skip
MODELS = with_tag(
    "models",
    Endpoint(
        "POST", "/reviews", SPEND, "a model's answer: settled at once, or by people",
        model_reviews.request_review, answers=Review,
        body=bodies.NewReview,
    ),
    Endpoint(
        "GET", "/reviews/{number}", READ, "what became of it", model_reviews.get_review,
        answers=Review, stays=True,
    ),
)  # fmt: skip
ENDPOINTS = (*MONEY, *WEBHOOKS, *ACCOUNT, *WORKERS, *MODELS)
