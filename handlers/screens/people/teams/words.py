"""Words about roles and limits of members."""

from domain.money.amounts import Millionths
from domain.people.teams import Role
from locales import Html, Translator

NAME, LABEL = 60, 24  # characters in a text, and on a button
TOKEN = 40  # characters of an invitation's


def role_words(role: str, t: Translator) -> Html:
    return {
        Role.OWNER: t("owner"),
        Role.SPENDER: t("may spend"),
        Role.VIEWER: t("may look and review"),
    }[Role(role)]


def may_words(role: str, cap: int | None, currency: str, t: Translator) -> Html:
    """What a member may do, as a sentence."""
    if role == Role.VIEWER:
        return t("They may look at projects and results, accept answers, and answer questions.")
    if cap is None:
        return t("They may make projects and spend, without a limit.")
    return t("They may make projects and set aside up to {amount} a month.", amount=t.money(Millionths(cap), currency))


def you_may(role: str, cap: int | None, currency: str, t: Translator) -> Html:
    if role == Role.VIEWER:
        return t("You may look at its projects and results, accept answers, and answer questions.")
    if cap is None:
        return t("You may make projects and spend its money, without a limit.")
    return t(
        "You may make projects and set aside up to {amount} of its money a month.",
        amount=t.money(Millionths(cap), currency),
    )
