"""Screens of the election of stewards. `pen` is a ballot paper (`domain/fairness/board.py`)."""

from __future__ import annotations

from domain.fairness.elections import (
    MIN_VOTES,
    SEATS,
    BoardBallot,
    BoardBallots,
    BoardElection,
    BoardLinkKept,
    BoardLinkWanted,
    Candidate,
)
from domain.people.accounts import WORKER
from handlers.payload import Number, Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, shows
from locales.translator import Html, Translator
from services.fairness import elections


class OpenStewards(Payload):
    """`/board stewards`."""

    word: str


class ShowStewards(Payload, code="E0"):
    pass


class StandForSteward(Payload, code="Es"):
    pass


class StandDown(Payload, code="Ed"):
    pass


class TakeBallot(Payload, code="Et"):
    pass


class Vote(Payload, code="Ev"):
    election: Number
    candidate: Number
    pen: str


class ShowBallots(Payload, code="Eb"):
    election: Number
    page: Number


class AskForLink(Payload, code="El"):
    pass


Row = tuple[Button, ...]


@shows(BoardElection)
def board_election_screen(m: BoardElection, t: Translator) -> Screen:
    text = lines(
        t("🗳 <b>Stewards</b>"),
        t("👥 The workers’ group: {link}", link=m.link) if m.link else None,
        t("Workers elect workers who keep the link of a group of their own. Nobody else can change it."),
        " ",
        _stage_line(m, t),
        *[_candidate_line(candidate, m, t) for candidate in m.candidates],
        t("Who stands is shown here with their @username.") if m.stage in ("none", "standing") else None,
    )
    return Screen(text, (*_stage_buttons(m, t), *_link_buttons(m, t)))


@shows(BoardBallot)
def board_ballot_screen(m: BoardBallot, t: Translator) -> Screen:
    names = {candidate.person: candidate.username or "–" for candidate in m.candidates}
    text = lines(
        t("🗳 <b>Your ballot paper</b>"),
        t("You voted for @{name}. You may still change it.", name=names.get(m.chosen, "–"))  # type: ignore[call-overload]
        if m.chosen
        else t("Press one name. Nobody can tell whose paper this is: only this message holds it."),
        t("Count it yourself after {day}: it is listed as <code>{code}</code>.", day=t.day(m.closes), code=m.code),
    )
    rows = [
        (
            Button(
                f"@{candidate.username or '–'}", Vote(election=m.number, candidate=candidate.person, pen=m.pen).pack()
            ),
        )
        for candidate in m.candidates
    ]
    return Screen(text, tuple(rows))


@shows(BoardBallots)
def board_ballots_screen(m: BoardBallots, t: Translator) -> Screen:
    text = lines(
        t("🗳 <b>All ballots</b>"), *[t("<code>{code}</code> @{name}", code=b.code, name=b.username) for b in m.ballots]
    )
    before = ShowBallots(election=m.number, page=m.page - 1).pack() if m.page else ShowStewards().pack()
    back = Button(t.plain("⬅️ Back"), before)
    next_button = Button(t.plain("More ➡️"), ShowBallots(election=m.number, page=m.page + 1).pack())
    return Screen(text, ((back, next_button),) if m.more else ((back,),))


@shows(BoardLinkWanted)
def board_link_wanted_screen(_: BoardLinkWanted, t: Translator) -> Screen:
    return Screen(t("👥 Send the invitation link of the workers’ group, such as https://t.me/+AbCdEf123456."))


@shows(BoardLinkKept)
def board_link_kept_screen(m: BoardLinkKept, t: Translator) -> Screen:
    return Screen(t("✅ Workers see this link from now on: {link}", link=m.link))


def _stage_line(m: BoardElection, t: Translator) -> Html:
    if m.stage == "standing":
        return t(
            "Candidates stand until {day}. Then everybody who answered in the last 30 days may vote.",
            day=t.day(m.votes_from),
        )
    if m.stage == "voting":
        return t("Votes are cast until {day}: {cast} so far.", day=t.day(m.closes), cast=t.number(m.cast))
    if m.stage == "closed":
        return t(
            "Closed on {day}. {papers} took a paper, {cast} voted.",
            **{"day": t.day(m.closes), "papers": t.number(m.papers), "cast": t.number(m.cast)},
        )
    return t(
        "There has been no election yet. Who stands opens one. Elected: the {seats} with most votes, {fewest} at least.",
        seats=SEATS,
        fewest=MIN_VOTES,
    )


def _candidate_line(candidate: Candidate, m: BoardElection, t: Translator) -> Html:
    name = candidate.username or "–"
    if m.stage != "closed":
        return t("• @{name}", name=name)
    count = t.number(candidate.votes)
    return (
        t("✅ @{name}: {count}", name=name, count=count)
        if candidate.elected
        else t("• @{name}: {count}", name=name, count=count)
    )


def _stage_buttons(m: BoardElection, t: Translator) -> tuple[Row, ...]:
    stand = Button(t.plain("🙋 I stand"), StandForSteward().pack())
    if m.stage == "voting":
        return ((Button(t.plain("🗳 My ballot paper"), TakeBallot().pack(), style="primary"),),)
    if m.stage == "closed":
        return ((Button(t.plain("🔎 All ballots"), ShowBallots(election=m.number, page=0).pack()),), (stand,))
    if m.mine:
        return ((Button(t.plain("↩️ I don’t stand any more"), StandDown().pack()),),)
    return ((stand,),)


def _link_buttons(m: BoardElection, t: Translator) -> tuple[Row, ...]:
    return ((Button(t.plain("👥 Set the group’s link"), AskForLink().pack()),),) if m.steward else ()


ROUTES = (
    Route(
        OpenStewards,
        WORKER,
        elections.open_election,
        command="board",
        usage="stewards",
        means="the workers’ group, and who keeps its link",
        word="stewards",
    ),
    Route(ShowStewards, WORKER, elections.show_election),
    Route(StandForSteward, WORKER, elections.stand_as_candidate),
    Route(StandDown, WORKER, elections.stand_down),
    Route(TakeBallot, WORKER, elections.take_ballot_paper),
    Route(Vote, WORKER, elections.vote),
    Route(ShowBallots, WORKER, elections.show_ballots),
    Route(AskForLink, WORKER, elections.ask_link),
)
