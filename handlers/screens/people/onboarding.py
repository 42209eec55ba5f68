"""The first minute, the menus, the help."""

from decimal import Decimal

from domain.people.consents import TERMS
from domain.people.messages import (
    CommandMenu,
    ErrorNoticed,
    LanguageChosen,
    LanguageQuestion,
    NotUnderstood,
    PrivacyNotice,
    Ready,
    TermsOfUse,
    Welcome,
    WelcomeBack,
)
from handlers.payloads.money import ShowBalance
from handlers.payloads.people import Agree, Begin, ChooseLanguage, Pause, ShowSettings, ShowTerms, Speak
from handlers.payloads.work import AskForWork
from handlers.screens.layout.dates import day
from handlers.screens.people.commands import START
from handlers.screens.screen import Button, Screen, Toast, lines, shows, toasts
from locales import LANGUAGES, Html, Translator
from services.people.onboarding import ButtonUsed, OutdatedButton

ORDER = ("worker", "requester", "admin", "")


@shows(Welcome)
def welcome(m: Welcome, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👍 <b>Hello {name}, this is Pouce.</b>", name=m.name),
            " ",
            t("You get small tasks here. You answer by pressing a button, and each answer is paid."),
            " ",
            t("• The money for every task is set aside <b>before</b> you see the task."),
            t("• Before you start, you see the pay, and about how much that is per hour."),
            t("• Nobody can keep you waiting: after 72 hours without a decision, you are paid."),
            paid_where(m, t),
            t("• You never pay anything. We never ask for a password, a card or a code."),
            " ",
            t("By pressing “I agree”, you accept the /terms. What we keep about you: /privacy"),
        ),
        (
            (Button(t.plain("✅ I agree"), Agree().pack(), style="success"),),
            (
                Button(t.plain("📄 The terms"), ShowTerms().pack()),
                _speak(m.language, t),
            ),
        ),
    )


def paid_where(m: Welcome, t: Translator) -> Html:
    """Before they agree: whom no money can be sent to loses no time."""
    if not m.wise:
        return t(
            "• Money is sent to bank accounts in the SEPA area: the EU, the UK, Switzerland and some neighbours. Elsewhere we cannot pay yet."
        )
    countries = ", ".join(t.country(code) for code in m.wise)
    if m.least:
        return t(
            "• Money is sent to bank accounts in the SEPA area (the EU, the UK, Switzerland and some neighbours), and through Wise, for a fee and from {least} on, to: {countries}. Elsewhere we cannot pay yet.",
            countries=countries,
            least=t.money(m.least, m.currency),
        )
    return t(
        "• Money is sent to bank accounts in the SEPA area (the EU, the UK, Switzerland and some neighbours), and through Wise, for a fee, to: {countries}. Elsewhere we cannot pay yet.",
        countries=countries,
    )


def _speak(now: str, t: Translator) -> Button:
    """The other language where there are two, else the list of them."""
    others = [language for code, language in LANGUAGES.items() if code != now]
    if len(others) == 1:
        return Button(f"🌐 {others[0].name}", Speak(language=others[0].code).pack())
    return Button(t.plain("🌐 Another language"), ChooseLanguage().pack())


@shows(Ready)
def ready(m: Ready, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🎉 <b>You are in.</b>"),
            " ",
            t(
                "To some questions we know the answer: they check the work. If you miss one, we explain it, and you are paid all the same."
            ),
            t(
                "Not sure? Press “Can't tell”: it is an answer too, and it is paid. You may also skip: no pay, but nothing is held against you."
            ),
            " ",
            t(
                "/balance shows every cent · /board: talk to other workers · /settings says when we write · /pause stops it · /help shows the rest"
            ),
        ),
        ()
        if m.used
        else (
            (Button(t.plain("▶️ My first task"), Begin().pack(), style="success"),),
            (Button(t.plain("⏸ Not now"), Pause().pack()),),
        ),
    )


@shows(WelcomeBack)
def back(m: WelcomeBack, t: Translator) -> Screen:
    return Screen(
        t("👍 Good to see you again, {name}.", name=m.name),
        (
            (Button(t.plain("▶️ A task, please"), AskForWork().pack(), style="success"),),
            (Button(t.plain("💰 My balance"), ShowBalance().pack()),),
        ),
    )


@shows(LanguageQuestion)
def language(m: LanguageQuestion, t: Translator) -> Screen:
    rows = tuple((Button(language.name, Speak(language=code).pack()),) for code, language in LANGUAGES.items())
    return Screen(t("🌐 Which language shall we speak?"), rows)


@shows(LanguageChosen)
def spoken(m: LanguageChosen, t: Translator) -> Screen:
    said = t("🌐 We speak English from now on.")
    if not m.reads:
        return Screen(said)
    tasks = t(
        "Your tasks come in English now, too. Do you read other languages as well? Tick them, so that you miss none."
    )
    return Screen(lines(said, tasks), ((Button(t.plain("🧩 Which tasks"), ShowSettings(page="tasks").pack()),),))


@shows(NotUnderstood)
def lost(m: NotUnderstood, t: Translator) -> Screen:
    go = Button(t.plain("▶️ A task, please"), AskForWork().pack())
    return Screen(t("I did not understand that. /help shows what I can do."), ((go,),) if m.worker else ())


@shows(CommandMenu)
def menu(m: CommandMenu, t: Translator) -> Screen:
    """Telegram's command menu: commands of the person's roles first, each command once."""
    seen: dict[str, str] = {}
    for command in sorted(m.commands, key=lambda each: ORDER.index(each.role)):
        seen.setdefault(command.name, t.plain(command.means))
    begin = seen.pop(START, "")
    return Screen("", menu=tuple(seen.items() if m.worker or not begin else [(START, begin), *seen.items()]))


@toasts(ButtonUsed)
def used(result: ButtonUsed, t: Translator) -> Toast:
    return Toast(t.plain("You are in already. /work brings a task."))


@toasts(OutdatedButton)
def outdated(result: OutdatedButton, t: Translator) -> Toast:
    return Toast(t.plain("This button is from an older message. /help lists what works now."))


@shows(PrivacyNotice)
def privacy(m: PrivacyNotice, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🔒 <b>Privacy</b>"),
            " ",
            t(
                "<b>What is kept:</b> your Telegram id, names and language; your /settings; the tasks you were given, your answers and their times, what you asked and complained about; every movement of your money; your bank account and your tax form, if you gave them (the form is encrypted); for about 30 days, our messages to you."
            ),
            t(
                "<b>Of the boards:</b> which you read and how far, and the month of your last made-up name there. A post is kept with its day, not with who wrote it: a minute later nothing we keep leads from it to you. It stays when you leave: take it back first."
            ),
            t("<b>Why:</b> to give you tasks, to check answers, to pay you. For nothing else."),
            t(
                "<b>Who sees it:</b> a requester sees your answers under a made-up name, a different one for each requester; never your Telegram name or id. Whoever runs this bot can see all that is kept."
            ),
            t("If you ask for tasks yourself, workers see your Telegram name beside your projects."),
            t(
                "<b>You decide:</b> a project gets nothing from you unless you answer there. Before your first answer, you see what the answers are for, or that the requester has not said it."
            ),
            t("<b>Your right:</b> /mydata sends you all of it as a file, /forget erases it."),
            t(
                "<b>What stays after /forget:</b> two codes, made of your Telegram id and of your bank account with a secret of this bot, beside the numbers of the tasks you answered, how well you answered and what you were barred from. Nobody can read your id from them. If you come back, you are not given the same tasks again, and a restriction goes on to its end."
            ),
            t(
                "<b>The tax form</b> goes to the tax office once a year, with what you earned. After /forget it stays, encrypted, until the end of the fifth year after your last payout: the law (DAC7) asks for that."
            ),
            t("Whatever else you type here is erased as soon as it has been handled."),
        )
    )


@shows(TermsOfUse)
def terms(m: TermsOfUse, t: Translator) -> Screen:
    floor = t.money(m.floor, m.currency)
    keyboard = () if m.agreed else ((Button(t.plain("✅ I agree"), Agree().pack(), style="success"),),)
    return Screen(
        lines(
            t("📄 <b>What we owe each other</b>"),
            " ",
            t("1. The money for every answer is set aside before a task is shown to anybody."),
            t(
                "2. Every answer that arrives while its task still needs one is paid: “can't tell” and check questions too."
            ),
            t(
                "3. Pending pay becomes yours when you have answered enough check questions right, when a human says so, or after 72 hours if nobody has decided."
            ),
            t(
                "4. Requesters pay a fee of {fee}% on top of your pay. Nothing is taken from your pay, but what the law may make us keep for social contributions: you are told first.",
                fee=t.number(Decimal(m.fee)),
            ),
            t("5. You answer yourself, honestly, with a single account. Nobody is ever suspended by a machine alone."),
            t("6. You may stop at any time. You owe nothing."),
            t("7. No project may start if its expected pay is under {floor} an hour.", floor=floor)
            if m.floor
            else None,
            t("8. Forbidden work. Nobody may ask you:"),
            t("• to open or use accounts, or for passwords and codes"),
            t("• to write reviews, to like, vote or follow"),
            t("• to solve CAPTCHAs"),
            t("• for identity papers, bank details, money or cryptocurrency"),
            t("• to install programs, or to go on elsewhere"),
            t("• for other people's private data"),
            t("• for anything illegal or hateful, or that deceives or harms people"),
            t("Press 🚩 on such a task: you lose nothing by it."),
            t(
                "9. Only a human stops a project or a person, and says why. Whoever is stopped can appeal. Another human answers, where there is one. Their money stays theirs."
            ),
            " ",
            t("Version of {version}.", version=day(TERMS, t)),
            t("You agreed on {day}.", day=t.date(m.agreed)) if m.agreed else None,
        ),
        keyboard,
    )


@shows(ErrorNoticed)
def error_noticed(m: ErrorNoticed, t: Translator) -> Screen:
    return Screen(
        t("😔 Sorry, something went wrong on our side. We have noted it. Nothing you earned is lost. Please try again.")
    )
