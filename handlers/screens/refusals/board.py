"""Refusals of the board."""

from domain.refusals import BoardRefused
from handlers.screens.screen import Screen, refuses
from locales import Translator


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
            "group": t(
                "That is no Telegram group. Send its @name, or the link to any message in it: /board mirror LINK"
            ),
            "drafted": t("Nothing waits to be sent. Open /board and press “✏️ Write”."),
        }[r.why]
    )
