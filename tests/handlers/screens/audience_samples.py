"""Facts of the screens about who is asked, and invitations."""

from domain.messages import Message
from domain.people.settings import CountryWanted
from domain.projects.launches import PilotDone
from domain.projects.projects import AudienceChoice, AudiencePage, Condition, Invited, InviteEnded, InviteLink, Pilot

TITLE = "Is the review <b>kind?"
LINK = "https://t.me/pouce_bot?start=kZ3vC0yT1mQ9sR5uW7xA2b"
WHO = (
    Condition("country", "FR|BE"),
    Condition("not country", "US"),
    Condition("says", "Do you <wear> glasses\nyes|some<times"),
    *(Condition("holds", f"{TITLE}\n{how}\n80") for how in (">=", ">", "<=", "<", "=", "!=", "in", "not in")),
    Condition("holds", f"{TITLE}\nexists\n"),
    Condition("holds", f"{TITLE}\nmissing\n"),
    *(Condition("holds", f"{what}\n>=\n95") for what in ("accepted", "accepted%", "masters")),
    Condition("qualified", TITLE),
    Condition("good in", "7"),
    Condition("not in", "8"),
    Condition("at most", "50"),
    Condition("invited"),
)
OFFERED = (AudienceChoice("country=FR", Condition("country", "FR"), False), AudienceChoice("invited", WHO[-1], False))
MESSAGES: list[Message] = [
    AudiencePage(7, TITLE, WHO, tuple(AudienceChoice(each.name, each, True) for each in WHO)),
    AudiencePage(7, TITLE, (), OFFERED),
    InviteLink(7, TITLE, LINK, 12, 9, only=True, running=True),
    InviteLink(7, TITLE, LINK, 1, 0, only=False, running=False),
    InviteEnded(7, TITLE),
    Invited(7, TITLE, "Anna <3", waits=False),
    Invited(7, TITLE, "", waits=True),
    Invited(7, TITLE, "Anna <3", waits=False, at_work=TITLE),
    PilotDone(7, TITLE, Pilot(30, 7, 0.87), 12.3, 190),
    PilotDone(7, TITLE, Pilot(10, 1, None), None, 1),
    CountryWanted(("FR", "BE", "CH", "CA", "SN", "CI")),
]
