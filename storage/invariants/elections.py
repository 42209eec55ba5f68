"""Rule 16 for elections: no more ballots than papers, and the votes are the ballots."""

from storage.invariants.invariant import Invariant

PAPERS = Invariant(
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

INVARIANTS = (PAPERS,)
