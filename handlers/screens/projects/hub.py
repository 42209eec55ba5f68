"""Results on their way to the Hugging Face hub."""

from domain.projects.result_messages import HubAsked, HubBegun, HubFailed, HubPushed
from handlers.payloads.projects import PushToHub
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


@shows(HubAsked)
def asked(m: HubAsked, t: Translator) -> Screen:
    if not m.name:
        return Screen(
            lines(
                t("That is no name of a data set.") if m.again else None,
                t(
                    "🤗 What shall the data set of <b>{title}</b> be called on Hugging Face? Write <code>your-name/reviews</code>.",
                    title=m.title,
                ),
                t("Only you will be able to read it. With <code>public</code> behind the name everybody will."),
            )
        )
    readers = t("Everybody will be able to read it.") if m.public else t("Only you will be able to read it.")
    return Screen(
        lines(
            t("That is no token.") if m.again else None,
            t("🤗 <b>{title}</b> goes to <code>{name}</code>. {readers}", title=m.title, name=m.name, readers=readers),
            t(
                "Now send me a Hugging Face token that may write. You make one at {where}.",
                where="huggingface.co/settings/tokens",
            ),
            t("I delete your message at once, use the token for this push alone, and keep it nowhere afterwards."),
        )
    )


@shows(HubBegun)
def begun(m: HubBegun, t: Translator) -> Screen:
    return Screen(
        t(
            "🤗 <b>{title}</b> is on its way to <code>{name}</code>. I tell you when it is there.",
            title=m.title,
            name=m.name,
        )
    )


@shows(HubPushed)
def pushed(m: HubPushed, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🤗 <b>{title}</b> is on Hugging Face: {url}", title=m.title, url=m.url),
            t("Everybody can read it.") if m.public else t("Only you can read it."),
            t("Your token is deleted here."),
        )
    )


@shows(HubFailed)
def failed(m: HubFailed, t: Translator) -> Screen:
    again = Button(t.plain("🔁 Try again"), PushToHub(number=m.number).pack())
    head = t("⚠️ <b>{title}</b> did not get to <code>{name}</code>.", title=m.title, name=m.name)
    return Screen(lines(head, _why(m, t), t("Your token is deleted here.")), ((again,),))


def _why(m: HubFailed, t: Translator) -> Html:
    return {
        "token": t("Hugging Face does not know this token. It may be mistyped, or ended."),
        "forbidden": t("This token may not write there. Give it the right to write, or take another name."),
        "name": t("Hugging Face does not take this name."),
        "public": t(
            "A data set of this name is there, and everybody can read it. Write <code>public</code> behind the name if you mean it."
        ),
        "network": t("Hugging Face can't be reached from here now."),
        "busy": t("Hugging Face is overloaded, or asks to wait. Try again later."),
        "hub": t("Hugging Face refused it. Try again later."),
    }[m.why]
