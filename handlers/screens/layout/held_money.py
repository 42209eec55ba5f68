"""Money that ended projects still hold, which keeps its owner from leaving and a team from being closed."""

from domain.money.amounts import Millionths
from locales import Html, Translator


def held_money(amount: int, currency: str, projects: int, until: int, t: Translator) -> Html:
    """`until` is 0 where nothing has to be waited for."""
    what = t.n(
        "{count} ended project still holds {amount}, for tasks in hand, rejected answers or top-ups.",
        "{count} ended projects still hold {amount}, for tasks in hand, rejected answers or top-ups.",
        projects,
        amount=t.money(Millionths(amount), currency),
    )
    when = t("What nobody earns comes back to the funds by {day}, or once an appeal is decided.", day=t.time(until))
    return Html(" ".join((what, when if until else t("It comes back to the funds in a minute."))))
