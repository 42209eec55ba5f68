"""Screens of onboarding: welcome, terms, language, menu and help."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from domain.people.accounts import EVERYBODY
from domain.people.onboarding import (
    EXAMPLE,
    HELP_TOPICS,
    Command,
    CommandMenu,
    ErrorNoticed,
    Help,
    HelpSuspended,
    LanguageChosen,
    LanguageQuestion,
    NotUnderstood,
    PrivacyNotice,
    Ready,
    TermsOfUse,
    Welcome,
    WelcomeBack,
    select_menu,
    select_topic,
)
from domain.people.personal_data import TERMS_VERSION
from handlers import quotations
from handlers.fairness import stops
from handlers.money import wallet
from handlers.payload import Payload, Words
from handlers.people import settings
from handlers.routing import Route
from handlers.screen import Button, Keyboard, Screen, Toast, clipped, day, lines, shows, to_button_rows, toasts
from handlers.work import tasks
from locales.languages import LANGUAGES
from locales.translator import Html, Translator
from services.people import onboarding
from services.people.onboarding import ButtonUsed, OutdatedButton

START_COMMAND = "start"  # Telegram's own button: in the menu of newcomers, in no list


class Start(Payload):
    """`/start`, also Telegram's own first button; `token` is carried by a link to the bot."""

    token: Words = ""


class ShowHelp(Payload, code="he"):
    """A page of the help; an empty topic is the first."""

    topic: Words = ""


class ShowPrivacy(Payload):
    pass


class GetMyData(Payload):
    pass


class TypeUnknown(Payload):
    """A command that does not exist."""


class PressOutdated(Payload):
    """A button of an older version, or data that was never a button."""


class Agree(Payload, code="ok"):
    pass


class ShowTerms(Payload, code="te"):
    pass


class ChooseLanguage(Payload, code="la"):
    pass


class AskForRole(Payload, code="wr"):
    """Asks for the requester's role (handlers/people/role_requests.py)."""


class Speak(Payload, code="sp"):
    language: str


def give_work_button(t: Translator) -> Button:
    """Button for people who want to open projects."""
    return Button(t.plain("💼 I want to give work"), AskForRole().pack())


@shows(Help)
def help_screen(m: Help, t: Translator) -> Screen:
    """Show a page of the help: one line for each command. The first page has a button for each topic; the others lead
    back to it."""
    back = ((Button(t.plain("⬅️ Back"), ShowHelp().pack()),),)
    if m.topic == EXAMPLE:
        return Screen(project_example(t), back)
    if m.topic:
        head = Html(f"<b>{_topic_names(t)[m.topic]}</b>")
        return Screen(lines(head, *_format_commands(select_topic(m.commands, m.topic), t)), back)
    head = t("👍 <b>What you can do here</b>")
    return Screen(lines(head, *_format_commands(select_menu(m.commands), t)), _topic_keyboard(m.commands, t))


def _format_commands(commands: Sequence[Command], t: Translator) -> list[Html]:
    return [_command_line(command, t) for command in commands if command.name != START_COMMAND]


def _topic_names(t: Translator) -> dict[str, str]:
    return {
        "work": t.plain("👍 Tasks"),
        "pay": t.plain("💰 Your pay"),
        "say": t.plain("🗣 Your say"),
        "projects": t.plain("📋 A project"),
        "running": t.plain("▶️ While it runs"),
        "results": t.plain("📊 Results"),
        "funds": t.plain("💶 Funds and team"),
        "programs": t.plain("🔑 Programs"),
        "house": t.plain("🏠 This bot"),
        "bank": t.plain("🏦 Bank and ledger"),
        "data": t.plain("🔒 Terms and data"),
        "more": t.plain("More"),
        EXAMPLE: t.plain("✉️ An example"),
    }


def _topic_keyboard(commands: Sequence[Command], t: Translator) -> Keyboard:
    """Return a button for each topic in which the person has commands, and for the example where they may use it."""
    topics = [topic for topic in HELP_TOPICS if select_topic(commands, topic)]
    if any(command.name == "newproject" for command in commands):
        topics.insert(topics.index("projects") + 1, EXAMPLE)
    return to_button_rows([Button(_topic_names(t)[topic], ShowHelp(topic=topic).pack()) for topic in topics])


@shows(HelpSuspended)
def help_suspended_screen(m: HelpSuspended, t: Translator) -> Screen:
    """Show a suspended person the reason, the appeal, which comes first, and what still works."""
    appealed = t("Your appeal is being looked at. An answer comes by {day}, or you have won.", day=t.date(m.due or 0))
    upheld = t("Your appeal was answered: it stays so.")
    appeal = t("You can appeal, with the button or with /appeal. A human answers within 14 days.")
    text = lines(
        t("⛔ <b>Your account is suspended.</b> The reason:"),
        quotations.quote(m.reason),
        appeal if m.stop else appealed if m.due else upheld,
        " ",
        t("<b>What still works</b>"),
        *_format_commands(select_menu(m.commands), t),
    )
    return Screen(text, (*stops.appeal_button(m.stop, t), *_topic_keyboard(m.commands, t)))


def _command_line(command: Command, t: Translator) -> Html:
    usage = f" {t.plain(command.usage)}" if command.usage else ""
    return t("{command} {means}", command=f"/{command.name}{usage}", means=t.plain(command.means))


def project_example(t: Translator) -> Html:
    """A caption that can be copied and changed."""
    example = t.plain(
        "/newproject\ntitle: Is the review positive?\ninstructions: Read the review. Is the writer pleased?\n"
        "options: positive, negative\npay: 0.05\noverlap: 3"
    )
    return lines(
        t(
            "<b>A project in one message:</b> send your file (.csv, .xlsx, .ods, .json …) with this caption:\n<pre>{example}</pre>",
            example=example,
        ),
        t("Too long for a caption (1,024 characters)? Send it as a message first, then the file."),
    )


@shows(Welcome)
def welcome_screen(m: Welcome, t: Translator) -> Screen:
    return Screen(
        lines(
            t("👍 <b>Hello {name}, this is Pouce.</b> Small tasks, one tap each, all paid.", name=clipped(m.name, 40)),
            t("The money is set aside before you see a task, and is yours after 72 hours at most."),
            payment_countries_sentence(m, t),
            t("You never pay. We never ask for a password, a card or a code."),
            t("“I agree” accepts /terms. Your data: /privacy"),
        ),
        (
            (Button(t.plain("✅ I agree"), Agree().pack(), style="success"),),
            (
                Button(t.plain("📄 The terms"), ShowTerms().pack()),
                language_button(m.language, t),
            ),
            (give_work_button(t),),
        ),
    )


def payment_countries_sentence(m: Welcome, t: Translator) -> Html:
    """Return where money can be sent, so that a person elsewhere loses no time."""
    if not m.wise:
        return t("It is sent to SEPA bank accounts only (EU, UK, Switzerland).")
    countries = ", ".join(t.country(code) for code in m.wise)
    if m.least:
        return t(
            "It is sent to SEPA bank accounts, and through Wise, for a fee, from {least} on: {countries}.",
            countries=countries,
            least=t.money(m.least, m.currency),
        )
    return t(
        "It is sent to SEPA bank accounts, and through Wise, for a fee: {countries}.",
        countries=countries,
    )


def language_button(current: str, t: Translator) -> Button:
    """Button for the other language if there are two, else for the list of languages."""
    other_languages = [language for code, language in LANGUAGES.items() if code != current]
    if len(other_languages) == 1:
        return Button(f"🌐 {other_languages[0].name}", Speak(language=other_languages[0].code).pack())
    return Button(t.plain("🌐 Another language"), ChooseLanguage().pack())


@shows(Ready)
def ready_screen(m: Ready, t: Translator) -> Screen:
    return Screen(
        t("🎉 You are in. Some tasks are checks: miss one and we say why, and still pay. In doubt: 🤷, paid too.")
    )


@shows(WelcomeBack)
def welcome_back_screen(m: WelcomeBack, t: Translator) -> Screen:
    return Screen(
        t("🙏 With pleasure, {name}.", name=m.name)
        if m.thanked
        else t("👍 Good to see you again, {name}.", name=m.name),
        (
            (Button(t.plain("▶️ A task, please"), tasks.AskForWork().pack(), style="success"),),
            (Button(t.plain("💰 My balance"), wallet.ShowBalance().pack()),),
            *(() if m.gives_work else ((give_work_button(t),),)),
        ),
    )


@shows(LanguageQuestion)
def language_question_screen(m: LanguageQuestion, t: Translator) -> Screen:
    rows = tuple((Button(language.name, Speak(language=code).pack()),) for code, language in LANGUAGES.items())
    return Screen(t("🌐 Which language shall we speak?"), rows)


@shows(LanguageChosen)
def language_chosen_screen(m: LanguageChosen, t: Translator) -> Screen:
    sentence = t("🌐 We speak English from now on.")
    if not m.reads:
        return Screen(sentence)
    tasks = t(
        "Your tasks come in English now, too. Do you read other languages as well? Tick them, so that you miss none."
    )
    return Screen(
        lines(sentence, tasks), ((Button(t.plain("🧩 Which tasks"), settings.ShowSettings(page="tasks").pack()),),)
    )


@shows(NotUnderstood)
def not_understood_screen(m: NotUnderstood, t: Translator) -> Screen:
    go = Button(t.plain("▶️ A task, please"), tasks.AskForWork().pack())
    return Screen(t("I did not understand that. /help shows what I can do."), ((go,),) if m.worker else ())


@shows(CommandMenu)
def command_menu(m: CommandMenu, t: Translator) -> Screen:
    """Set Telegram's command menu: at most ten commands, those of the person's roles."""
    return Screen("", menu=tuple((command.name, t.plain(command.means)) for command in select_menu(m.commands)))


@toasts(ButtonUsed)
def button_used_toast(result: ButtonUsed, t: Translator) -> Toast:
    return Toast(t.plain("You are in already. /work brings a task."))


@toasts(OutdatedButton)
def outdated_button_toast(result: OutdatedButton, t: Translator) -> Toast:
    return Toast(t.plain("This button is from an older message. /help lists what works now."))


@shows(PrivacyNotice)
def privacy_screen(m: PrivacyNotice, t: Translator) -> Screen:
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
def terms_screen(m: TermsOfUse, t: Translator) -> Screen:
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
            t("Version of {version}.", version=day(TERMS_VERSION, t)),
            t("You agreed on {day}.", day=t.date(m.agreed)) if m.agreed else None,
        ),
        keyboard,
    )


@shows(ErrorNoticed)
def error_screen(m: ErrorNoticed, t: Translator) -> Screen:
    return Screen(
        t("😔 Sorry, something went wrong on our side. We have noted it. Nothing you earned is lost. Please try again.")
    )


ROUTES = (
    Route(Start, EVERYBODY, onboarding.start, command="start", means="begin"),
    Route(Agree, EVERYBODY, onboarding.agree_to_terms),
    Route(ShowHelp, EVERYBODY, onboarding.show_help, command="help", means="this list"),
    Route(ChooseLanguage, EVERYBODY, onboarding.ask_language, command="language", means="another language"),
    Route(Speak, EVERYBODY, onboarding.set_language),
    Route(ShowTerms, EVERYBODY, onboarding.show_terms, command="terms", means="what we owe each other"),
    Route(ShowPrivacy, EVERYBODY, onboarding.show_privacy, command="privacy", means="what is kept about you, and why"),
    Route(
        GetMyData,
        EVERYBODY,
        onboarding.send_personal_data,
        command="mydata",
        means="a file with all that is kept about you",
    ),
    Route(TypeUnknown, EVERYBODY, onboarding.answer_unknown_text),
    Route(PressOutdated, EVERYBODY, onboarding.press_outdated),
)
