"""Missing roles, and impossible settings."""

from domain.money.amounts import Millionths
from domain.refusals import (
    DearerByNow,
    KeyLimit,
    LastChoice,
    MustConsent,
    NoHub,
    NoPages,
    NoSecretsKey,
    NotAllowed,
    OwnMatter,
    TooManyComplaints,
    TooManyKeys,
    TooManyLaunchRequests,
    TooManyWebhooks,
    UnknownChoice,
)
from handlers.payloads.people import Agree, ShowTerms
from handlers.screens.screen import Button, Screen, refuses
from locales import Translator


@refuses(NotAllowed)
def not_allowed(r: NotAllowed, t: Translator) -> Screen:
    return Screen(
        {
            "requester": t("Only requesters can do this. Ask whoever runs this bot to let you open projects."),
            "admin": t("Only whoever runs this bot can do this."),
            "worker": t("Please agree to the terms first: /start"),
        }[r.role]
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
    agree = Button(t.plain("✅ I agree"), Agree().pack(), style="success")
    terms = Button(t.plain("📄 The terms"), ShowTerms().pack())
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
            "Tasks of this kind are answered on a page, and pages have no address here. Whoever runs this bot can give them "
            "one: <code>PUBLIC_URL</code>, an https address."
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
    needed, asked = (t.money(Millionths(each), r.currency) for each in (r.needed, r.asked))
    return Screen(
        t("💶 It costs {needed} by now; it was {asked} when you launched it. 🚀 starts it.", needed=needed, asked=asked)
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
