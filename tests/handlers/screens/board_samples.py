"""Messages of the board: realistic ones, and the longest that are allowed."""

from dataclasses import replace

from domain.fairness.board import (
    HOUSE,
    MAX_POST_CHARS,
    POSTS_PER_PAGE,
    RULES,
    BoardAnswerDraft,
    BoardContact,
    BoardContactAsked,
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
    BoardDigest,
    BoardDraft,
    BoardId,
    BoardLine,
    BoardList,
    BoardLog,
    BoardModerated,
    BoardPage,
    BoardPen,
    BoardPenTaken,
    BoardPetitionTakenBack,
    BoardPetitionToAnswer,
    BoardPost,
    BoardPostToModerate,
    BoardReported,
    BoardTakeBackQuestion,
    BoardWordsLate,
    BoardWordsUnasked,
    BoardWordsWanted,
    ContestShown,
    ContestState,
    EventKind,
    LogLine,
    PetitionShown,
    PetitionState,
    PostId,
    PostShown,
    PostState,
)
from domain.fairness.elections import (
    BallotLine,
    BoardBallot,
    BoardBallots,
    BoardElection,
    BoardLinkKept,
    Candidate,
    ElectionId,
)
from domain.fairness.review import MAX_REASON_CHARS as REASON
from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId
from formats.captions.caption import MAX_CHARS

DAY, LATER = Moment(1_790_035_200_000), Moment(1_790_640_000_000)
PEN, NAME, TITLE = "A" * 24, "🦊🌵 41", "Is the review <positive> & kind?"
SEVEN, MANY = BoardId(7), 10**12
POST = PostShown(PostId(12), NAME, DAY, "Line 2 is <unclear>,\nno?", PostState.SHOWN, None, 3, new=True, mine=False)
PETITION = PetitionShown(10, 4, LATER, None, None, None, PetitionState.OPEN, signed=False)
ASKED = replace(PETITION, state=PetitionState.ASKED, voices=10, due=LATER)
PETITIONS = (
    PETITION,
    replace(PETITION, signed=True),
    replace(PETITION, state=PetitionState.LAPSED),
    ASKED,
    replace(ASKED, state=PetitionState.ANSWERED, answer="From <Monday> on", answered_on=LATER),
    replace(ASKED, state=PetitionState.UNANSWERED),
    replace(ASKED, state=PetitionState.UNANSWERED, answer="Sorry", answered_on=LATER),
)
GONE = replace(POST, body="", state=PostState.WITHDRAWN, replies=0)
HIDDEN = tuple(replace(GONE, state=PostState.HIDDEN, rule=rule) for rule in RULES)
CONTESTS = (
    *(ContestShown(state, LATER, "", None) for state in (ContestState.WAITING, ContestState.UNANSWERED)),
    ContestShown(ContestState.UPHELD, LATER, "It names <Ann>.", None),
    ContestShown(ContestState.RESTORED, LATER, "", PostId(14)),
)
PAGE = BoardPage(SEVEN, TITLE, (POST, replace(POST, id=PostId(11), new=False, mine=True)), 0, True, PEN, NAME, 0)
THREAD = BoardPost(SEVEN, TITLE, POST, (replace(POST, reply_to=PostId(12)), GONE), 0, False, PEN)
LINES = tuple(
    LogLine(at, PostId(at), HOUSE, kind, 3, 2, DAY, "d" * 64, "h" * 64 if at % 2 else "")
    for at, kind in enumerate(EventKind, 1)
)

SECOND, LINK, STAGES = ElectionId(2), "https://t.me/+AbCdEf123456", ("standing", "voting", "closed")
RUNNING = (Candidate(PersonId(4), "ann_b", 5, True), Candidate(PersonId(5), "", 2, False))

MESSAGES: list[Message] = [
    BoardList((BoardLine(HOUSE, "", 3), BoardLine(SEVEN, TITLE, 0))),
    BoardDigest((BoardLine(HOUSE, "", 1), BoardLine(SEVEN, TITLE, 120))),
    PAGE,
    replace(PAGE, board=HOUSE, title="", posts=(), page=2, older=False, pen="", name="", missing=1),
    replace(PAGE, pen="", name="", posts=HIDDEN),
    *(replace(PAGE, posts=(replace(POST, petition=petition),)) for petition in PETITIONS),
    THREAD,
    replace(THREAD, pen="", more=True, post=GONE),
    replace(THREAD, post=replace(POST, mine=True), replies=(replace(POST, mine=True),), page=1),
    replace(THREAD, post=replace(POST, mine=True, wishes=2)),
    BoardPetitionTakenBack(PostId(12), TITLE),
    BoardPetitionTakenBack(PostId(12), ""),
    BoardPetitionTakenBack(PostId(12), TITLE, hidden=True),
    BoardContactAsked(PostId(12)),
    BoardContact(PostId(12), "ann_b"),
    *(replace(THREAD, post=replace(POST, petition=petition)) for petition in PETITIONS[:2]),
    BoardPen(SEVEN, TITLE, NAME, PEN, LATER),
    BoardPenTaken(HOUSE, "", LATER),
    *(BoardWordsWanted(TITLE, NAME, reply, threshold) for reply, threshold in ((0, 0), (12, 0), (0, 10))),
    *(BoardDraft(TITLE, NAME, "Line 2 is <unclear>", threshold) for threshold in (0, 10)),
    BoardWordsUnasked(),
    BoardWordsLate(),
    BoardTakeBackQuestion(PostId(12), "I <regret> this", PEN),
    BoardTakeBackQuestion(PostId(12), "I <regret> this", PEN),
    BoardReported(PostId(12)),
    BoardPostToModerate(PostId(12), TITLE, NAME, "Call <Ann>"),
    *(BoardModerated(PostId(12), rule, gone=False) for rule in (0, *RULES)),
    BoardModerated(PostId(12), 1, gone=True),
    BoardModerated(PostId(12), 1, gone=False, decided=True),
    BoardLog(LINES, 1, True),
    BoardLog((), 0, False),
    *(
        BoardElection(stage, SECOND, DAY, LATER, RUNNING, 9, 7, mine, mine, LINK)
        for stage in STAGES
        for mine in (True, False)
    ),
    BoardElection("none", ElectionId(0), Moment(0), Moment(0), (), 0, 0, False, False, ""),
    *(BoardBallot(SECOND, RUNNING, PEN, "0123456789", chosen, LATER) for chosen in (0, 4)),
    *(BoardBallots(SECOND, (BallotLine("0123456789", "ann_b"),), page, page == 0) for page in (0, 1)),
    BoardLinkKept(LINK),
    BoardPetitionToAnswer(PostId(12), TITLE, "10 <cents>", 10, LATER),
    *(BoardAnswerDraft(PostId(12), title, "From <Monday> on") for title in (TITLE, "")),
    *(replace(THREAD, post=replace(HIDDEN[0], mine=True, contest=contest)) for contest in (None, *CONTESTS)),
    replace(THREAD, post=replace(POST, original=11), replies=(replace(HIDDEN[1], mine=True),)),
    BoardContestWanted(PostId(12), NAME),
    *(BoardContested(PostId(12), LATER, another, not another) for another in (True, False)),
    *(
        BoardContestToRule(PostId(12), title, NAME, "Call <Ann>", 1, 3, LATER, alone, alone)
        for title, alone in ((TITLE, True), ("", False))
    ),
    BoardContestReasonWanted(PostId(12)),
    *(BoardContestRuled(PostId(12), again, "It names <Ann>.") for again in (0, 14)),
]

LONG, LONG_TITLE = "&" * MAX_POST_CHARS, "<" * MAX_CHARS["title"]
FULL = replace(
    POST,
    id=PostId(MANY),
    body=LONG,
    petition=replace(PETITIONS[4], answer=LONG, voices=50, threshold=50),
    replies=10**6,
    mine=True,
)
LONGEST_MESSAGES: list[Message] = [
    BoardList((BoardLine(BoardId(MANY), LONG_TITLE, 10**6),) * 9),
    replace(PAGE, board=BoardId(MANY), title=LONG_TITLE, posts=(FULL,) * POSTS_PER_PAGE, page=500),
    replace(THREAD, title=LONG_TITLE, post=FULL, replies=(FULL,) * POSTS_PER_PAGE, more=True, page=500),
    BoardDraft(LONG_TITLE, NAME, LONG, 50),
    BoardPostToModerate(PostId(MANY), LONG_TITLE, NAME, LONG),
    BoardPetitionToAnswer(PostId(MANY), LONG_TITLE, LONG, 50, LATER),
    BoardTakeBackQuestion(PostId(MANY), LONG, PEN),
    BoardContestToRule(PostId(MANY), LONG_TITLE, NAME, LONG, 2, MANY, LATER, True, True),
    BoardContestRuled(PostId(MANY), 0, "&" * REASON),
    BoardLog((replace(LINES[1], position=MANY, post=PostId(MANY), person=MANY),) * 8, 500, True),
]
REFUSALS = {
    "refusals.BoardRefused": [
        {"why": why, "limit": limit}
        for limit in (1, 5)
        for why in (
            *("members", "answers", "pen", "daily", "length", "gone", "closed", "petitions", "drafted"),
            *("words", "contested", "decided"),
            *("contacts", "username", "wished", "wishes"),
            *("lately", "election", "paper", "steward", "link"),
        )
    ]
}
