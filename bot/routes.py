"""THE TABLE: every command, button and message → its handler, and the role it takes."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from domain.refusals import Refusal
from handlers import (
    admin,
    amending,
    appeals,
    bonus,
    book,
    fairness,
    forgetting,
    gold,
    membership,
    onboarding,
    payouts,
    projects,
    raising,
    review,
    settings,
    stats,
    wallet,
    why,
    work,
)
from handlers import amending_buttons as a
from handlers import buttons as b
from handlers import gold_buttons as g
from handlers import payout_buttons as p
from handlers import raising_buttons as r
from handlers import settings_buttons as s
from handlers import wallet_buttons as m
from handlers.book_buttons import OrderJournal
from handlers.context import Context
from handlers.forgetting_buttons import Forget

Handler = Callable[[Update, Context], Awaitable[None]]

EVERYBODY, WORKER, REQUESTER, ADMIN = "", "worker", "requester", "admin"

COMMANDS: dict[str, tuple[Handler, str]] = {
    "start": (onboarding.start, EVERYBODY),
    "help": (onboarding.help_, EVERYBODY),
    "language": (onboarding.language, EVERYBODY),
    "privacy": (onboarding.privacy, EVERYBODY),
    "terms": (onboarding.terms, EVERYBODY),
    "mydata": (onboarding.mydata, EVERYBODY),
    "forget": (forgetting.forget, EVERYBODY),
    "work": (work.work_now, EVERYBODY),
    "pause": (work.pause, EVERYBODY),
    "balance": (wallet.balance, EVERYBODY),
    "stats": (stats.house, EVERYBODY),
    "statement": (wallet.statement, WORKER),
    "settings": (settings.settings_, WORKER),
    "appeal": (fairness.appeals, WORKER),
    "why": (why.why, EVERYBODY),
    "payout": (payouts.payout, WORKER),
    "newproject": (projects.newproject, REQUESTER),
    "projects": (projects.list_, REQUESTER),
    "project": (projects.show, REQUESTER),
    "add": (projects.add, REQUESTER),
    "gold": (gold.begin, REQUESTER),
    "preview": (projects.preview, REQUESTER),
    "launch": (projects.launch, REQUESTER),
    "raise": (raising.raise_pay, REQUESTER),
    "stop": (projects.stop, REQUESTER),
    "results": (projects.results, REQUESTER),
    "submissions": (projects.submissions, REQUESTER),
    "review": (review.begin, REQUESTER),
    "bonus": (bonus.give, REQUESTER),
    "funds": (projects.funds, REQUESTER),
    "cancel": (projects.cancel, EVERYBODY),
    "admin": (admin.overview, ADMIN),
    "deposit": (admin.deposit, ADMIN),
    "refund": (admin.refund, ADMIN),
    "role": (admin.role, ADMIN),
    "ledger": (book.ledger, ADMIN),
    "verify": (book.verify, ADMIN),
    "payouts": (payouts.overview, ADMIN),
    "withhold": (payouts.withhold, ADMIN),
    "withheld": (payouts.hand_on, ADMIN),
    "audit": (fairness.audit, ADMIN),
}

BUTTONS: dict[type[b.Payload], tuple[Handler, str]] = {
    OrderJournal: (book.journal, ADMIN),
    b.Agree: (onboarding.agree, EVERYBODY),
    b.Begin: (onboarding.begin, EVERYBODY),
    b.ShowTerms: (onboarding.terms, EVERYBODY),
    b.ChooseLanguage: (onboarding.language, EVERYBODY),
    b.Speak: (onboarding.speak, EVERYBODY),
    b.Work: (work.work_now, EVERYBODY),
    b.SubmitAnswer: (work.submit_answer, WORKER),
    b.Choose: (work.choose, WORKER),
    b.Undo: (work.undo, WORKER),
    b.Done: (work.done, WORKER),
    b.CantTell: (work.submit_answer, WORKER),
    a.ChangeAnswer: (amending.change, WORKER),
    a.AmendAnswer: (amending.amend, WORKER),
    a.AmendCantTell: (amending.amend, WORKER),
    a.AmendChoose: (amending.choose, WORKER),
    a.AmendUndo: (amending.undo, WORKER),
    a.AmendDone: (amending.done, WORKER),
    a.KeepAnswer: (amending.keep, WORKER),
    b.Skip: (work.skip, WORKER),
    b.Decline: (work.decline, WORKER),
    b.AcceptAgain: (work.accept_again, WORKER),
    b.Pause: (work.pause, EVERYBODY),
    s.ShowSettings: (settings.show, WORKER),
    s.ChangeSetting: (settings.change, WORKER),
    s.PauseHere: (settings.pause, WORKER),
    b.ShowBalance: (wallet.balance, EVERYBODY),
    m.ToBank: (payouts.payout, WORKER),
    m.GetStatement: (wallet.statement, WORKER),
    b.StartProject: (projects.newproject, REQUESTER),
    b.ChooseKind: (projects.choose_kind, REQUESTER),
    b.CancelDraft: (projects.cancel, EVERYBODY),
    b.Launch: (projects.launch, REQUESTER),
    b.ShowProject: (projects.show, REQUESTER),
    r.OfferRaise: (raising.offer, REQUESTER),
    r.RaisePay: (raising.press, REQUESTER),
    b.Stop: (projects.stop, REQUESTER),
    b.Delete: (projects.delete, REQUESTER),
    b.GetFile: (projects.get_file, REQUESTER),
    g.AnswerGold: (gold.answer, REQUESTER),
    g.ChooseGold: (gold.choose, REQUESTER),
    g.UndoGold: (gold.undo, REQUESTER),
    g.DoneGold: (gold.done, REQUESTER),
    g.SkipGold: (gold.skip, REQUESTER),
    g.SuggestGold: (gold.suggest, REQUESTER),
    g.ConfirmGold: (gold.confirm, REQUESTER),
    g.StopGold: (gold.stop, REQUESTER),
    b.Contest: (fairness.contest, WORKER),
    b.JudgeGold: (fairness.judge, REQUESTER),
    b.AppealRestriction: (fairness.appeal, WORKER),
    b.DecideRestriction: (fairness.decide, ADMIN),
    b.ShowSkill: (why.skill, WORKER),
    b.ShowReview: (review.begin, REQUESTER),
    b.AcceptAnswer: (review.accept, REQUESTER),
    b.AcceptRest: (review.accept_rest, REQUESTER),
    b.RejectAnswer: (review.reject, REQUESTER),
    b.CiteLine: (review.cite, REQUESTER),
    b.GiveBonus: (bonus.ask, REQUESTER),
    b.DecidePause: (review.decide_pause, ADMIN),
    b.AppealRejection: (appeals.appeal, WORKER),
    b.Judge: (appeals.judge, WORKER),
    b.ShowQuality: (fairness.quality, REQUESTER),
    Forget: (forgetting.press, EVERYBODY),
    p.PayOut: (payouts.pay_out, WORKER),
    p.ChangePayee: (payouts.change_payee, WORKER),
    p.MakeBankFile: (payouts.make_file, ADMIN),
    p.GetBankFile: (payouts.get_file, ADMIN),
    p.ShowBankFile: (payouts.bank_file, ADMIN),
    p.BankPaid: (payouts.bank_paid, ADMIN),
    p.ShowPayout: (payouts.show, ADMIN),
    p.DecidePayout: (payouts.decide, ADMIN),
    p.GetSellers: (payouts.sellers, ADMIN),
    p.GetLines: (payouts.lines, REQUESTER),
}


def add_routes(application: Application[Any, Context, Any, Any, Any, Any]) -> None:
    """Private chats only: a group has no business with somebody's money."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(private & filters.Document.ALL, sent_document))
    application.add_handler(MessageHandler(private & filters.TEXT, typed))
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & filters.Document.ALL
    application.add_handler(MessageHandler(edited & filters.CaptionRegex(r"(?i)^\s*/newproject\b"), edited_caption))
    application.add_handler(ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL, sent_other))


async def typed(update: Update, context: Context) -> None:
    """A command by its first word, else the answer to a task or a question. An unknown command brings help.

    `/why_12`, which a tap on it sends whole, is `/why 12`.
    """
    text = (update.effective_message and update.effective_message.text) or ""
    if not text.startswith("/"):
        await _admitted(work.typed, EVERYBODY, update, context)
        return
    command, *rest = text.split()
    name, _, first = command[1:].partition("@")[0].lower().partition("_")
    context.args = [first, *rest] if first else rest
    handler, role = COMMANDS.get(name, (onboarding.lost, EVERYBODY))
    await _admitted(handler, role, update, context)


async def pressed(update: Update, context: Context) -> None:
    """A button of this version by its payload; any other data is answered and ignored."""
    query = update.callback_query
    try:
        context.button = b.unpack((query and query.data) or "")
    except b.UnknownButton:
        context.button = b.Begin()
        await _admitted(onboarding.old_button, EVERYBODY, update, context)
        return
    context.args = []
    handler, role = BUTTONS[type(context.button)]
    await _admitted(handler, role, update, context)


async def sent_document(update: Update, context: Context) -> None:
    """A picture sent as a file is somebody's photo; any other file is a requester's."""
    if work.is_picture(update.effective_message):
        await _admitted(work.sent, EVERYBODY, update, context)
    else:
        await _admitted(projects.document, REQUESTER, update, context)


async def edited_caption(update: Update, context: Context) -> None:
    await _admitted(projects.edited, REQUESTER, update, context)


async def sent_other(update: Update, context: Context) -> None:
    await _admitted(work.sent, EVERYBODY, update, context)


async def _admitted(handler: Handler, role: str, update: Update, context: Context) -> None:
    """Runs the handler for whoever has the role; an expected “no” is said politely."""
    context.role = role
    try:
        await handler(update, context)
    except Refusal as refusal:
        await context.refuse(refusal)
