"""The requester's role: given and taken."""

from domain.people.messages import RoleGranted, RoleSet, RoleWithdrawn
from handlers.payloads.projects import StartProject
from handlers.screens.screen import Button, Screen, shows
from locales import Translator


@shows(RoleSet)
def role_set(m: RoleSet, t: Translator) -> Screen:
    if m.on:
        return Screen(t("✅ {who} may open projects.", who=m.who))
    return Screen(t("{who} may not open projects any more. Those that are running go on.", who=m.who))


@shows(RoleGranted)
def granted(m: RoleGranted, t: Translator) -> Screen:
    begin = Button(t.plain("➕ New project"), StartProject().pack())
    return Screen(t("✅ You may open projects now. /newproject starts one, /help shows how."), ((begin,),))


@shows(RoleWithdrawn)
def withdrawn(m: RoleWithdrawn, t: Translator) -> Screen:
    return Screen(
        t(
            "You cannot open new projects any more. Those that are running go on. Your free money stays yours: "
            "whoever runs this bot sends it back."
        )
    )
