"""The money of the pre-flight card: the cost of a launch, and the pay an hour."""

from domain.projects.messages import Preflight
from handlers.screens.screen import lines
from locales import Html, Translator


def cost(card: Preflight, t: Translator) -> Html:
    """Exact, in one line."""
    of = card.price
    amounts = {"total": of.total, "pay": card.pay, "reward": of.reward, "fee": of.fee}
    money = {name: t.money(amount, card.currency) for name, amount in amounts.items()}
    answers = t.n("{count} answer", "{count} answers", of.submissions)
    reserve = t.money(of.reserve, card.currency)
    more = t(", plus a reserve of {reserve} for longer tasks", reserve=reserve) if of.reserve else ""
    owed = t.money(of.owed, card.currency)
    more += t(", plus {owed} that your ended projects owe their workers", owed=owed) if of.owed else ""
    return t(
        "💶 <b>{total}</b> at most: {answers} × {pay} = {reward}, plus our fee {fee}{more}.",
        answers=answers,
        more=more,
        **money,
    )


def price(card: Preflight, t: Translator) -> Html:
    return Html(" ".join((cost(card, t), t("What is not needed comes back to you."))))


def reserve(card: Preflight, t: Translator) -> Html:
    return t(
        "🛟 {reserve} of it only in case tasks take longer than expected: it lifts the pay to the minimum. No fee on it.",
        reserve=t.money(card.price.reserve, card.currency),
    )


def hourly(card: Preflight, t: Translator) -> Html:
    """Expected pay an hour against the floor."""
    if card.price.untold and card.price.floor:
        return untold(card.price.untold, t)
    currency = card.currency
    hour, seconds = t.money(card.price.hourly, currency), t.number(round(card.price.seconds, 1))
    if card.price.floor == 0:
        return t("⏱ About {seconds} s an answer: {hour} an hour", seconds=seconds, hour=hour)
    floor = t.money(card.price.floor, currency)
    if card.price.hourly >= card.price.floor:
        return t(
            "⏱ About {seconds} s an answer: {hour} an hour (minimum {floor} ✓)", seconds=seconds, hour=hour, floor=floor
        )
    needed = t.money(card.price.needed_pay, currency)
    return t(
        "⚠️ About {seconds} s an answer: {hour} an hour, below the minimum of {floor}. <b>{needed}</b> an answer would pass.",
        seconds=seconds,
        hour=hour,
        floor=floor,
        needed=needed,
    )


def timed(card: Preflight, t: Translator) -> Html | None:
    """How the time was found, where it was not measured."""
    if card.price.untold or card.measured:
        return None
    if card.stated:
        return t("The time is yours. A pilot, and the first answers, measure it.")
    if card.price.seconds > card.price.base:
        return t("The time is what answers like these took in your earlier projects.")
    return t("The time is estimated: reading at 240 words a minute, deciding, answering. A pilot measures it.")


def untold(why: str, t: Translator) -> Html:
    """Only the requester knows how long an answer takes."""
    reasons = {
        "errand": t("This is done away from the screen: only you know how long it takes, with the way there."),
        "sound": t("Workers listen first: only you know for how long."),
        "link": t("The tasks hold links: only you know how long it takes to look at what is behind them."),
    }
    say = t(
        "Edit the caption of your file and add a line with the time of one answer, for example <code>seconds: 90</code>. If it takes longer, workers are paid more."
    )
    return lines(t("⏱ <b>How long does one answer take?</b>"), reasons[why], say)
