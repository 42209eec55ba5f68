"""Rule 10 for the board: its log recomputes, agrees with the posts, and passes through every recorded head. Rule
16: no more pens wrote or signed than were handed over, traces of writers are deleted, and votes are ballots."""

from collections.abc import Iterator

from domain.fairness.board import CHAIN_BEGINNING, PostState, chain_event, digest_of
from domain.moments import DAY, HOUR
from storage.invariants.invariant import LATEST_MOMENT, Invariant, Walk
from storage.unit import UnitOfWork

SEAL_GRACE = HOUR


def iter_log_faults(unit: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Yield where the boards' log differs: the digest of each shown text, and the first wrong seal, at which this
    stops."""
    head = CHAIN_BEGINNING
    for event, hash_ in unit.board_log.iterate_chain():
        head = chain_event(head, event)
        if hash_ is not None and (event.position, hash_) != (head.position, head.hash):
            yield f"line {event.position}", "it, or one before it, is not what was sealed"
            return
        post = unit.boards.find(event.post)
        if post is None or (post.state is PostState.SHOWN and digest_of(post) != post.digest):
            yield f"post {event.post}", "its text is not what was written"


LOG_RECOMPUTES = Walk(10, "the log of the boards recomputes", iter_log_faults)
POSTS_ARE_LOGGED = Invariant(
    10,
    "every post has its lines in the log",
    f"""
SELECT 'post ' || p.id AS subject, p.state || ', without its line' AS detail FROM board_posts p
WHERE NOT EXISTS (SELECT 1 FROM board_log l WHERE l.post = p.id AND l.kind = 'posted' AND l.digest = p.digest)
  OR (p.state <> 'shown' AND NOT EXISTS (SELECT 1 FROM board_log l WHERE l.post = p.id AND l.kind = p.state))
  OR (p.state = 'shown' AND (p.body = '' OR EXISTS (
    SELECT 1 FROM board_log l WHERE l.post = p.id AND l.kind IN ('hidden', 'withdrawn'))))
UNION ALL
SELECT 'head of ' || h.day, 'line ' || h.position || ' has another seal'
FROM board_heads h LEFT JOIN board_log l ON l.position = h.position AND l.hash = h.hash WHERE l.position IS NULL
UNION ALL
SELECT 'line ' || l.position, 'of ' || l.day || ', not sealed' FROM board_log l
WHERE l.hash IS NULL AND l.day < {LATEST_MOMENT} - 25 * {SEAL_GRACE} AND EXISTS (
  SELECT 1 FROM board_log WHERE hash IS NOT NULL)""",
)
PENS_WERE_HANDED_OVER = Invariant(
    16,
    "no more pens write than were handed over",
    """
SELECT 'board ' || used.board AS subject, used.pens || ' pens of month ' || used.month || ' wrote or signed' AS detail
FROM (
  SELECT found.board, found.month, count(DISTINCT found.author) AS pens FROM (
    SELECT board, month, author FROM board_posts
    UNION SELECT p.board, s.month, s.signer FROM board_signatures s JOIN board_petitions p ON p.post = s.post) AS found
  GROUP BY found.board, found.month) AS used
LEFT JOIN board_pens b ON b.board = used.board AND b.month = used.month
WHERE used.pens > coalesce(b.taken, 0)""",
)
VOICES_ARE_SIGNATURES = Invariant(
    16,
    "a petition has the voices it counts",
    """
SELECT 'petition ' || p.post AS subject, 'counts ' || p.voices || ' voices' AS detail
FROM board_petitions p JOIN board_posts t ON t.id = p.post
WHERE p.voices > (SELECT count(*) FROM board_signatures s WHERE s.post = p.post)
  OR (p.state IN ('asked', 'answered', 'unanswered') AND p.voices < t.threshold)""",
)
# A draft holds the pen while its writer types, and letters carry it until they have ended: both are deleted soon after.
# The day of a draft that was not sent stays for two days. Only writers get letters with the board's refusals.
NO_TRACES_OF_WRITERS = Invariant(
    16,
    "nothing says for long who was on the board",
    f"""
SELECT 'person ' || d.person AS subject, 'a draft of a post is kept' AS detail FROM drafts d
WHERE d.journey IN ('board', 'board contest') AND d.updated_at < {LATEST_MOMENT} - 2 * {HOUR}
UNION ALL
SELECT 'person ' || d.person, 'more than the day of a draft is kept' FROM drafts d
WHERE d.journey = 'board lapsed'
  AND (d.data <> '{{}}' OR d.updated_at % {DAY} <> 0 OR d.updated_at < {LATEST_MOMENT} - 3 * {DAY})
UNION ALL
SELECT 'letter ' || o.id, o.screen || ' is kept' FROM outbox o
WHERE o.state <> 'waiting' AND o.key IS NULL
  AND ((o.screen >= 'fairness.Board' AND o.screen < 'fairness.Boare')
    OR (o.screen >= 'refusals.Board' AND o.screen < 'refusals.Boare'))
  AND o.ended_at < {LATEST_MOMENT} - {HOUR}""",
)

VOTES_ARE_BALLOTS = Invariant(
    16,
    "no more ballots than papers, and the votes are the ballots",
    """
SELECT 'election ' || e.id AS subject, e.papers || ' papers, more ballots' AS detail FROM elections e
WHERE (SELECT count(*) FROM election_ballots b WHERE b.election = e.id) > e.papers
UNION ALL
SELECT 'candidate ' || c.person || ' of ' || c.election, c.votes || ' votes are counted'
FROM election_candidates c JOIN elections e ON e.id = c.election
WHERE e.state = 'closed' AND c.votes <> (
  SELECT count(*) FROM election_ballots b WHERE b.election = c.election AND b.candidate = c.person)""",
)

INVARIANTS = (
    LOG_RECOMPUTES,
    POSTS_ARE_LOGGED,
    PENS_WERE_HANDED_OVER,
    VOICES_ARE_SIGNATURES,
    NO_TRACES_OF_WRITERS,
    VOTES_ARE_BALLOTS,
)
