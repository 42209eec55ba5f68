"""Content warnings: the kinds in words, the warning, and what follows a yes."""

from collections.abc import Sequence

from domain.work.content_messages import ContentAgreed, ContentWarning
from handlers.payloads.work import ChooseContent
from handlers.screens.screen import Button, Screen, lines, shows
from handlers.screens.work.corrections import after
from handlers.screens.work.last_answer import said_of_last
from locales import Html, Translator


def kinds(content: Sequence[str], t: Translator) -> str:
    """“violence, sexual content”."""
    return t.all_of([kind_names(t).get(kind, kind) for kind in content])


def kind_names(t: Translator) -> dict[str, str]:
    return {
        "violence": t.plain("violence"),
        "sexual": t.plain("sexual content"),
        "hate": t.plain("hate"),
        "self_harm": t.plain("self-harm"),
        "medical": t.plain("wounds, illness, operations"),
        "disturbing": t.plain("what may disturb you"),
    }


@shows(ContentWarning)
def warning(m: ContentWarning, t: Translator) -> Screen:
    yes = Button(t.plain("▶️ Show me these tasks"), ChooseContent(project=m.project, agrees=True).pack())
    no = Button(t.plain("🚫 Not this project"), ChooseContent(project=m.project, agrees=False).pack())
    head = t("<b>{title}</b> · {pay}", title=m.title, pay=t.money(m.pay, m.currency))
    return Screen(
        lines(
            said_of_last(m.last, t),
            Html(f"⚠️ {head}"),
            t("{name} says these tasks show: <b>{kinds}</b>.", name=m.requester, kinds=kinds(m.content, t)),
            t("If you want them, your task of <b>{title}</b> goes to somebody else.", title=m.leaves)
            if m.leaves
            else None,
            t("Do you want them? We ask once. A no costs you nothing, and you can leave at any time: /leave"),
        ),
        ((yes,), (no,), *after(m.last, t)),
        anew=True,
    )


@shows(ContentAgreed)
def agreed(m: ContentAgreed, t: Translator) -> Screen:
    return Screen(t("✓ <b>{title}</b>: you want its tasks. /leave ends that at any time.", title=m.title))
