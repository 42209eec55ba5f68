"""The texts of all refusals, by wing: the problem and the remedy."""

from __future__ import annotations

from domain.handing_in import Wants
from domain.money.amounts import Millionths, as_decimal
from domain.refusals import (
    AlreadyAnswered,
    AlreadyAsked,
    AlreadySkipped,
    AlreadyTheirs,
    AnswerUnfit,
    AnswerUnknown,
    AttemptPayMissing,
    BelowFloor,
    BelowLeast,
    BoardRefused,
    BonusesGone,
    CantTellIsPaid,
    ChangeFirst,
    DearerByNow,
    FundingClosed,
    FundsMissing,
    JudgesPayMissing,
    KeyLimit,
    KeyReused,
    LastChoice,
    Leaving,
    MoreThanThere,
    MustConsent,
    NoHub,
    NoPages,
    NoSecretsKey,
    NotAllowed,
    NotFound,
    NothingLeft,
    NothingToLaunch,
    NothingToPay,
    NotWholeCents,
    NotYours,
    OnlyUp,
    OwnMatter,
    PageOutdated,
    PayerMissing,
    PayoutDecided,
    RightByGold,
    SentBefore,
    StatementRefused,
    TakesNoReviews,
    TimeUntold,
    TooLate,
    TooLateToChange,
    TooManyComplaints,
    TooManyKeys,
    TooManyLaunchRequests,
    TooManyQuestions,
    TooManyReports,
    TooManyWebhooks,
    TooQuick,
    UnknownChoice,
    WrongState,
)
from handlers.fairness import stops
from handlers.money import funds, payouts
from handlers.people import onboarding
from handlers.projects import edits, preflight
from handlers.screen import Button, Screen, clipped, lines, refuses
from locales.translator import Html, Translator


@refuses(BoardRefused)
def refused(r: BoardRefused, t: Translator) -> Screen:
    return Screen(
        {
            "members": t("This board is for those who work on its project. /board lists yours."),
            "answers": t.n(
                "You may write here after {count} more answer. /work brings a task.",
                "You may write here after {count} more answers. /work brings a task.",
                r.limit,
            ),
            "pen": t("This name is over, or not yours. Open /board and press “🪶 I want to write”."),
            "daily": t("You wrote {count} posts here today: that is all for a day. Go on tomorrow.", count=r.limit),
            "length": t("That is too long: at most {count} characters. Nothing was sent.", count=r.limit),
            "gone": t("This post is not there any more. /board log says why."),
            "closed": t("This petition has ended."),
            "words": t("That is not the text that was hidden. Copy it from this chat, and send it again."),
            "contested": t("That was contested before. Its tombstone on the board says what came of it."),
            "decided": t("That is decided."),
            "petitions": t("You have written a petition this month. Next month you may write another one."),
            "contacts": t("You exchange no contacts: /settings, “News of the board”, switches it on."),
            "username": t(
                "You have no @username in Telegram. Choose one in Telegram’s own settings, then press again."
            ),
            "wished": t("Nobody waits for your contact here any more."),
            "wishes": t("{count} writers have not answered you yet. Wait for them first.", count=r.limit),
            "lately": t("This is for those who answered in the last 30 days. /work brings a task."),
            "election": t("That is not possible at this time. /board stewards shows what is."),
            "paper": t("You have taken your ballot paper: search “🗳” in this chat. There is one for each person."),
            "steward": t("Only elected stewards can set this link."),
            "link": t("That is no link to a Telegram group. It begins with https://t.me/"),
            "drafted": t("Nothing waits to be sent. Open /board and press “✏️ Write”."),
        }[r.why]
    )


@refuses(JudgesPayMissing)
def judges_pay_missing(r: JudgesPayMissing, t: Translator) -> Screen:
    return funds.money_missing(
        r,
        t,
        t(
            "A rejection holds what three judges would earn, {needed}; you have {available} free. It comes back if nobody appeals. Nothing was rejected.",
            **funds.shortfall_texts(r, t),
        ),
    )


@refuses(AlreadyTheirs)
def already_theirs(_: AlreadyTheirs, t: Translator) -> Screen:
    return Screen(t("This pay is the worker's already, or it was decided before. What is theirs stays theirs."))


@refuses(RightByGold)
def right_by_gold(_: RightByGold, t: Translator) -> Screen:
    return Screen(
        t(
            "You said yourself that this answer is right: it is what you gave as known for this task. So it can't be rejected."
        )
    )


@refuses(CantTellIsPaid)
def cant_tell_is_paid(_: CantTellIsPaid, t: Translator) -> Screen:
    return Screen(
        t(
            "“Can't tell” is an answer, too: it is always paid and never rejected. It tells you the task is hard to answer."
        )
    )


@refuses(KeyReused)
def key_reused(r: KeyReused, t: Translator) -> Screen:
    return Screen(t("This was recorded before with different content ({name}). Nothing was changed.", name=r.name))


@refuses(NothingToPay)
def nothing_to_pay(r: NothingToPay, t: Translator) -> Screen:
    available = t.money(r.available, r.currency)
    if r.named:
        return Screen(t("Name one cent or more: {available} is available. Nothing was moved.", available=available))
    return Screen(t("There is not a whole cent to send yet: {available} is available. /balance", available=available))


@refuses(BelowLeast)
def below_least(r: BelowLeast, t: Translator) -> Screen:
    money = {"least": t.money(r.least, r.currency), "available": t.money(r.available, r.currency)}
    return Screen(t("🌍 Through Wise we send {least} or more: {available} is available. Nothing was moved.", **money))


@refuses(NotWholeCents)
def not_whole_cents(r: NotWholeCents, t: Translator) -> Screen:
    return Screen(
        t(
            "A bank can't have moved “{value}”: it knows nothing smaller than {least}. Nothing was recorded.",
            value=r.value,
            least=t.money(r.least, r.currency),
        )
    )


@refuses(MoreThanThere)
def more_than_there(r: MoreThanThere, t: Translator) -> Screen:
    money = {"asked": t.money(r.asked, r.currency), "available": t.money(r.available, r.currency)}
    return Screen(t("{asked} is too much: there is {available}. Nothing was moved.", **money))


@refuses(AttemptPayMissing)
def attempt_pay_missing(r: AttemptPayMissing, t: Translator) -> Screen:
    return funds.money_missing(
        r,
        t,
        t(
            "To pay the test takes {needed}; you have {available} free. Nothing was made or set aside.",
            **funds.shortfall_texts(r, t),
        ),
        next_step=t(
            "Once the money has arrived, press ➕ again and write the same lines. Or ask fewer people, or pay less."
        ),
    )


@refuses(BonusesGone)
def bonuses_gone(_: BonusesGone, t: Translator) -> Screen:
    return Screen(
        t("This list is closed: this press paid nothing. Send the file again; what was paid before is not paid twice.")
    )


@refuses(AlreadyAsked)
def already_asked(_: AlreadyAsked, t: Translator) -> Screen:
    return Screen(t("You have asked for this already. /payout shows where it is."))


@refuses(PayerMissing)
def payer_missing(r: PayerMissing, t: Translator) -> Screen:
    return Screen(
        t(
            "A bank file says whose account pays. Please set {missing} where the bot runs, and start it again. Nothing was changed.",
            missing=", ".join(r.missing),
        )
    )


@refuses(FundingClosed)
def funding_closed(r: FundingClosed, t: Translator) -> Screen:
    if r.why == "cards":
        text = t("No cards are taken here.")
    elif r.why == "currency":
        text = t("Only euros can be sent this way; here money is in {currency}.", currency=r.currency)
    else:
        text = t("Whoever runs this bot has not said yet which account takes your money.")
    return Screen(lines(text, t("Please ask them how to send it. Nothing was changed.")))


TABLE = Html("<code>/deposit\namount: Amount\ndetails: Description\nreference: Reference</code>")


@refuses(StatementRefused)
def statement_refused(r: StatementRefused, t: Translator) -> Screen:
    why = {
        "size": t("This file is too large: 5 MB at most."),
        "xml": t("This file cannot be read. It is damaged, or not what a bank writes."),
        "csv": t("This table cannot be read. Line: {line}", line=r.what or "1"),
        "mapping": t(
            "The caption’s line “{word}” is missing, or is none that I know. It reads for example:\n{example}",
            word=r.what,
            example=TABLE,
        ),
        "column": t("The table has no column “{column}”, or has it twice.", column=r.what),
        "wise": t(
            "This is not Wise’s list of transfers in English: it has no column “{column}”. Set Wise to English and download the list again.",
            column=r.what,
        ),
        "mt940": t("This statement cannot be read at “{what}”.", what=r.what),
        "kind": t("This is no bank statement I know. I read camt.053, camt.054, pain.002 and MT940."),
        "many": t("This file has more than 500 entries. Ask the bank for fewer days at once."),
        "lines": t("This report has more than {limit} lines. Take fewer days at once.", limit=r.what),
        "account": t("This file is of another account than PAYER_IBAN."),
        "debtor": t(
            "This report is of another account’s file: payment {where} is from {account}, not from PAYER_IBAN.",
            where=r.where,
            account=r.what,
        ),
        "old": t("This list was booked, or another file came after it. Send the file again to see what is left."),
    }
    return Screen(lines(why[r.why], t("Nothing was booked.")))


@refuses(PayoutDecided)
def payout_decided(r: PayoutDecided, t: Translator) -> Screen:
    if r.state == "handed on":
        return Screen(
            lines(
                t("What was withheld from payout {number} is with the authority already.", number=r.number),
                t(
                    "Once it is back, record that with /withheld, a minus before the amount; then record the payout again."
                ),
            )
        )
    if r.state == "declared":
        return Screen(
            lines(
                t(
                    "What was withheld from payout {number} is declared and with the authority already.",
                    number=r.number,
                ),
                t(
                    "The next declaration brings it back; until then the fees advance it, and they hold too little. Pay in what is missing and record it with /draw, a minus before the amount; then record the payout again."
                ),
            )
        )
    if r.state == "called off":
        return Screen(t("Payout {number} was called off before it was sent: that stays so.", number=r.number))
    if r.state == "spent":
        return Screen(
            lines(
                t("What came back of payout {number} is not available any more. Nothing was moved.", number=r.number),
                t("Where the bank paid it after all, settle it with its worker; record it once the money is there."),
            )
        )
    return Screen(
        t(
            "Payout {number} is “{state}”: that cannot be changed so. Nothing was moved.",
            number=r.number,
            state=payouts.state_for_admin(r.state, False, t),
        )
    )


@refuses(NotAllowed)
def not_allowed(r: NotAllowed, t: Translator) -> Screen:
    return Screen(
        {
            "requester": t("Only requesters can do this."),
            "admin": t("Only whoever runs this bot can do this."),
            "worker": t("Please agree to the terms first: /terms"),
        }[r.role],
        ((onboarding.give_work_button(t),),) if r.role == "requester" else (),
    )


@refuses(TooManyComplaints)
def too_many_complaints(r: TooManyComplaints, t: Translator) -> Screen:
    return Screen(
        t(
            "You may send {most} complaints a day, and {waiting} may wait for an answer. Yours are with a human.",
            most=t.number(r.most),
            waiting=t.number(r.waiting),
        )
    )


@refuses(MustConsent)
def must_consent(_: MustConsent, t: Translator) -> Screen:
    agree = Button(t.plain("✅ I agree"), onboarding.Agree().pack(), style="success")
    terms = Button(t.plain("📄 The terms"), onboarding.ShowTerms().pack())
    return Screen(
        t("First, please read what we owe each other and how you are paid: /terms · /privacy"), ((agree,), (terms,))
    )


@refuses(OwnMatter)
def own_matter(_: OwnMatter, t: Translator) -> Screen:
    return Screen(t("This is about you, your project or your own decision. Another admin decides."))


@refuses(LastChoice)
def last_choice(_: LastChoice, t: Translator) -> Screen:
    return Screen(t("Please keep at least one. /pause stops everything."))


@refuses(UnknownChoice)
def unknown_choice(_: UnknownChoice, t: Translator) -> Screen:
    return Screen(t("This button is from an older message. /help lists what works now."))


@refuses(TooManyWebhooks)
def too_many_webhooks(r: TooManyWebhooks, t: Translator) -> Screen:
    return Screen(t("You have {most} addresses, as many as there may be. Remove one first: /webhooks", most=r.most))


@refuses(NoPages)
def no_pages(_: NoPages, t: Translator) -> Screen:
    return Screen(
        t(
            "This needs a page, and pages have no address here. Whoever runs this bot can give them one: "
            "<code>PUBLIC_URL</code>, an https address."
        )
    )


@refuses(NoSecretsKey)
def no_secrets_key(_: NoSecretsKey, t: Translator) -> Screen:
    return Screen(t("This bot can't keep a secret: it needs SECRETS_KEY for that, which is not set here."))


@refuses(NoHub)
def no_hub(r: NoHub, t: Translator) -> Screen:
    file = f"/results {r.number} huggingface"
    return Screen(
        t(
            "This bot can't push to Hugging Face: what it needs is not installed. <code>{file}</code> sends you the same data set to upload yourself.",
            file=file,
        )
    )


@refuses(TooManyKeys)
def too_many_keys(r: TooManyKeys, t: Translator) -> Screen:
    return Screen(t("You have {most} keys, as many as there may be. End one first: /apikeys", most=r.most))


@refuses(DearerByNow)
def dearer(r: DearerByNow, t: Translator) -> Screen:
    needed, agreed = (t.money(Millionths(amount), r.currency) for amount in (r.needed, r.asked))
    return Screen(
        t(
            "💶 It costs {needed} by now; it was {asked} when you launched it. 🚀 starts it.",
            needed=needed,
            asked=agreed,
        )
    )


@refuses(KeyLimit)
def key_limit(r: KeyLimit, t: Translator) -> Screen:
    needed = t.money(Millionths(r.needed), r.currency)
    if not r.hint:
        return Screen(
            t("🔑 A program asked for this launch; its key is revoked by now. It costs {needed}.", needed=needed),
        )
    return Screen(
        t(
            "🔑 A program asked for this launch with the key …{hint}. It costs {needed} by now; the key may spend {left}.",
            hint=r.hint,
            needed=needed,
            left=t.money(Millionths(r.left), r.currency),
        )
    )


@refuses(TooManyLaunchRequests)
def too_many_launch_requests(r: TooManyLaunchRequests, t: Translator) -> Screen:
    return Screen(t("Your programs have asked you {most} times today. You can launch in the chat.", most=r.most))


@refuses(WrongState)
def wrong_state(r: WrongState, t: Translator) -> Screen:
    number = r.number
    if r.state.startswith("fixed"):
        return _fixed(r, t)
    return Screen(
        {
            "draft": t("Project {number} has not been launched.", number=number),
            "running": t("Project {number} is running.", number=number),
            "ending": t("Project {number} is still being stopped. Please try again in a minute.", number=number),
            "paused": t(
                "Project {number} is paused until a human has looked at it. Until then nothing can be rejected.",
                number=number,
            ),
            "reported": t(
                "Project {number} was reported. Nobody is asked there any more unless a human decides so. /terms says what is forbidden.",
                number=number,
            ),
            "ended by admin": t(
                "An admin ended project {number}. It is not launched again, unless your appeal is granted.",
                number=number,
            ),
            "program": t("A program keeps project {number}: it alone adds to it and ends it.", number=number),
            "small": t("Project {number} is small enough to launch it as a whole: /launch_{number}", number=number),
            "suspended": t("Project {number} waits: its requester is suspended.", number=number),
            "stopped": t("Project {number} is stopped. /launch_{number} continues it.", number=number),
            "complete": t("Project {number} is complete. /add_{number} adds tasks to go on with.", number=number),
        }[r.state],
        stops.appeal_button(r.stop, t),
    )


def _fixed(r: WrongState, t: Translator) -> Screen:
    """Text for a draft's command in a later state: what can still be changed, and how."""
    number = r.number
    copy = t("All else stays. A copy can be changed before its launch: /clone_{number}", number=number)
    if r.state != "fixed":
        return Screen(
            lines(
                t("🔒 <b>Project {number} has ended</b>: what it asks for is not changed any more.", number=number),
                t("More tasks can join it: /add_{number}", number=number),
                copy,
            )
        )
    edit = Button(t.plain("✏️ Instructions"), edits.EditProject(number=number, here=False).pack())
    return Screen(
        lines(
            t(
                "🔒 <b>Project {number} is running</b>: nothing was changed, for answers were given to what it asks.",
                number=number,
            ),
            t("What you can change while it runs:"),
            t("• title, instructions, pictures, examples: the button below"),
            t("• the pay, upwards: /raise_{number}", number=number),
            t("• more tasks: /add_{number}", number=number),
            t("• more answers to each task, a pause, its end: /project_{number}", number=number),
            copy,
        ),
        ((edit,),),
    )


@refuses(TakesNoReviews)
def takes_no_reviews(r: TakesNoReviews, t: Translator) -> Screen:
    return Screen(
        {
            "models": t(
                "Project {number} does not know this model: no file of it has its column, ai or ai:NAME.",
                number=r.number,
            ),
            "waiting": t("Tasks of project {number} wait for their launch: /launch_{number}", number=r.number),
        }[r.why]
    )


@refuses(NothingToLaunch)
def nothing_to_launch(r: NothingToLaunch, t: Translator) -> Screen:
    return Screen(t("Project {number} has no new tasks. /add_{number} adds some.", number=r.number))


@refuses(FundsMissing)
def funds_missing(r: FundsMissing, t: Translator) -> Screen:
    money = funds.shortfall_texts(r, t)
    if r.raised:
        return funds.money_missing(
            r,
            t,
            t("The raise takes {needed}; you have {available} free. Nothing was changed.", **money),
            next_step=t("Once the money has arrived, raise it again."),
        )
    return funds.money_missing(
        r,
        t,
        t("The budget is {needed}; you have {available} free. Nothing was started, nothing was held.", **money),
        t(
            "{owed} of it is pay up to the minimum that workers of your ended projects still get.",
            owed=t.money(r.owed, r.currency),
        )
        if r.owed
        else None,
        next_step=t("Once the money has arrived, launch again."),
    )


@refuses(BelowFloor)
def below_floor(r: BelowFloor, t: Translator) -> Screen:
    money = {
        "pay": t.money(r.pay, r.currency),
        "needed": t.money(r.needed, r.currency),
        "hourly": t.money(r.hourly, r.currency),
        "floor": t.money(r.floor, r.currency),
    }
    seconds = t.number(round(r.seconds, 1))
    return Screen(
        lines(
            t("⚖️ <b>The pay is too low to be offered.</b>"),
            t("{pay} for about {seconds} s is {hourly} an hour; the minimum is {floor}.", seconds=seconds, **money),
            t("<b>{needed}</b> an answer would pass; nothing was held.", **money),
            t(
                "<code>/raise {number} {amount}</code> sets that pay; then launch again.",
                number=r.number,
                amount=as_decimal(r.needed),
            ),
        )
    )


@refuses(TimeUntold)
def time_untold(r: TimeUntold, t: Translator) -> Screen:
    return Screen(lines(preflight.ask_for_seconds(r.why, t), t("Nothing was held, nothing was started.")))


@refuses(OnlyUp)
def only_up(r: OnlyUp, t: Translator) -> Screen:
    pay = t.money(r.pay, r.currency)
    return Screen(t("Project {number} pays {pay} an answer. Pay can only go up.", number=r.number, pay=pay))


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
            "role_request": t("This request does not wait any more."),
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
            "card_payment": t("There is no card payment {name}. /cards lists the newest.", name=name),
            "bank_line": t("There is no line {name} of the bank. /bank lists those that wait.", name=name),
            "payout": t("There is no payout {name}. /payouts lists them.", name=name),
            "account": t("There is no account {name}. /ledger lists them.", name=name),
        }[r.what]
    )


NAMED_TASK_STATES = 300  # characters of a list of what would do


@refuses(NotYours)
def not_yours(_: NotYours, t: Translator) -> Screen:
    return Screen(t("This task is not yours. /work gives you one."))


@refuses(AlreadyAnswered)
def already_answered(_: AlreadyAnswered, t: Translator) -> Screen:
    return Screen(t("You have already answered this task. Your first answer counts, and it is paid once."))


@refuses(TooLateToChange)
def too_late_to_change(r: TooLateToChange, t: Translator) -> Screen:
    return Screen(
        {
            "time": t("An answer can be changed for a minute. Yours stands, and your pay with it."),
            "again": t("The time to do this once more is over. Your first answer stands, and stays paid."),
            "told": t("We have told you the right answer, so yours stands. You are paid all the same."),
            "looked": t("The requester is looking at this answer already, so it stays as it is."),
            "decided": t("The requester has decided about this answer already, so it stays as it is."),
        }[r.why]
    )


@refuses(ChangeFirst)
def change_first(_: ChangeFirst, t: Translator) -> Screen:
    return Screen(t("Finish changing your answer first, in the message below, or press “Keep my answer”."))


@refuses(PageOutdated)
def page_outdated(_: PageOutdated, t: Translator) -> Screen:
    return Screen(t("This page is out of date. Close it, and open it again from the chat."))


@refuses(Leaving)
def leaving(_: Leaving, t: Translator) -> Screen:
    return Screen(t("You are leaving: in a moment everything about you is erased. After that /start begins anew."))


@refuses(TooQuick)
def too_quick(_: TooQuick, t: Translator) -> Screen:
    return Screen(t("This message has just changed. Your press did not count: look, then press again."))


@refuses(SentBefore)
def sent_before(_: SentBefore, t: Translator) -> Screen:
    return Screen(
        t(
            "You sent this before your new task was there, so it is no answer to it. Look at the task above, then answer."
        )
    )


@refuses(NothingLeft)
def nothing_left(_: NothingLeft, t: Translator) -> Screen:
    return Screen(t("There is no task of this project for you now. /tasks shows what there is."))


@refuses(AlreadySkipped)
def already_skipped(_: AlreadySkipped, t: Translator) -> Screen:
    return Screen(t("You have given this task back, and that costs you nothing. /work shows the one you have."))


@refuses(TooLate)
def too_late(_: TooLate, t: Translator) -> Screen:
    return Screen(
        t("This task has gone to others in the meantime. Nothing is held against you. /work gives you another.")
    )


@refuses(TooManyQuestions)
def too_many_questions(r: TooManyQuestions, t: Translator) -> Screen:
    return Screen(
        t.n(
            "You have asked {count} question today. Tomorrow you can ask again.",
            "You have asked {count} questions today. Tomorrow you can ask again.",
            r.most,
        )
    )


@refuses(TooManyReports)
def too_many_reports(r: TooManyReports, t: Translator) -> Screen:
    return Screen(
        t.n(
            "You have reported {count} task today. Tomorrow you can report again; skipping costs nothing.",
            "You have reported {count} tasks today. Tomorrow you can report again; skipping costs nothing.",
            r.most,
        )
    )


@refuses(AnswerUnknown)
def answer_unknown(r: AnswerUnknown, t: Translator) -> Screen:
    return Screen(
        t("This is not one of the answers: {expected}", expected=clipped(", ".join(r.expected), NAMED_TASK_STATES))
    )


@refuses(AnswerUnfit)
def answer_unfit(r: AnswerUnfit, t: Translator) -> Screen:
    limit = r.limit
    return Screen(
        {
            "nothing_chosen": t("Nothing is chosen yet. Choose first; if you don't know, press “Can't tell”."),
            "not_placed": t.n("{count} has no place yet.", "{count} have no place yet.", limit),
            "not_a_number": t("This is not a number I can read. Write the number alone, like this: 12 or 12.5"),
            "text_length": t("An answer has 1 to {limit} characters.", limit=t.number(limit)),
            Wants.PHOTO: t("This task is answered with a photo."),
            Wants.VOICE: t("This task is answered with a voice message."),
            Wants.LOCATION: t("This task is answered with a place."),
            Wants.PAGE: t("This task is answered on a page: press the button under it."),
            "shapes": t("I cannot read this drawing. Open the task again and send it once more."),
            "shapes_at_most": t("These are too many: {limit} at most.", limit=t.number(limit)),
            "shape_outside": t("Something is marked outside of what the task shows."),
            "shape_small": t("Something is too small to be seen. Draw it larger."),
            "shape_corners": t("An outline has 3 to {limit} corners.", limit=t.number(limit)),
            "seen_before": t("This one was handed in before. Please send another one."),
            "too_few": t.n("Choose at least {count}.", "Choose at least {count}.", limit),
            "too_many": t.n("Choose {count} at most.", "Choose {count} at most.", limit),
            "too_short": t.n("Write at least {count} character.", "Write at least {count} characters.", limit),
            "too_long": t.n("Write {count} character at most.", "Write {count} characters at most.", limit),
            "too_small": t("The number must be {limit} or more.", limit=t.number(limit)),
            "too_great": t("The number must be {limit} or less.", limit=t.number(limit)),
            "pattern": t(
                "The requester expects another form of answer. Please read the question again. {words}",
                words=clipped(r.words, NAMED_TASK_STATES),
            ),
            "album": t("One at a time: the first of these was taken, the others were not."),
        }[r.what]
    )
