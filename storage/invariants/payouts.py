"""Rule 14: payouts; and rule 7's payees: people who share a bank account do not share a task."""

from storage.invariants.invariant import Invariant

# The amounts of each payout add up, to whole cents for the bank; exactly the payouts that were sent have a bank file.
PAYOUTS_ADD_UP = Invariant(
    14,
    "a payout's gross is net, withheld and fee",
    """
SELECT 'payout ' || id AS subject, 'gross ' || gross || ', net ' || net || ', withheld ' || withheld || ', fee ' || fee
  || ', ' || state || coalesce(', file ' || file, ', no file') AS detail
FROM payouts WHERE gross <> net + withheld + fee OR net <= 0 OR withheld < 0 OR fee < 0 OR net % 10000 <> 0
  OR state <> 'failed' AND (state = 'requested') <> (file IS NULL)""",
)
# Transfers of payouts, by the payout that their key names: `paid:12`, and `paid:12:2` the second time.
PAYOUT_KINDS = "('payout', 'withhold', 'paid', 'bounced', 'unpaid', 'unwithhold')"
SELECT_MOVEMENTS = f"""
SELECT id, key, kind, amount, CASE WHEN key LIKE kind || ':%:_' THEN substr(key, length(kind) + 2,
  length(key) - length(kind) - 3) ELSE substr(key, length(kind) + 2) END AS payout
FROM transfers WHERE kind IN {PAYOUT_KINDS}"""
# A payout is reserved, paid or returned exactly if its state says so. MOVEMENTS_HAVE_PAYOUTS checks the amounts.
MONEY_IS_WHERE_STATE_SAYS = Invariant(
    14,
    "a payout's money is where its state says",
    f"""
SELECT 'payout ' || p.id AS subject, p.state || ', reserved ' || coalesce(m.reserved, 0) || ', withheld '
  || coalesce(m.withheld, 0) || ', paid ' || coalesce(m.paid, 0) AS detail
FROM payouts p JOIN people worker ON worker.id = p.worker
LEFT JOIN transfers o ON o.key = 'payout:' || p.id LEFT JOIN accounts a ON a.id = o.credit
LEFT JOIN (
  SELECT payout, sum(CASE kind WHEN 'payout' THEN amount WHEN 'unpaid' THEN -amount ELSE 0 END) AS reserved,
    sum(CASE kind WHEN 'withhold' THEN amount WHEN 'unwithhold' THEN -amount ELSE 0 END) AS withheld,
    sum(CASE kind WHEN 'paid' THEN amount WHEN 'bounced' THEN -amount ELSE 0 END) AS paid
  FROM ({SELECT_MOVEMENTS}) AS t GROUP BY payout
) AS m ON m.payout = CAST(p.id AS TEXT)
WHERE coalesce(o.amount, 0) <> p.net
  OR coalesce(a.name, '') <> 'worker:' || coalesce(CAST(worker.telegram_id AS TEXT), '') || ':payout'
    AND worker.telegram_id IS NOT NULL
  OR coalesce(m.reserved, 0) <> CASE WHEN p.state = 'failed' THEN 0 ELSE p.net END
  OR coalesce(m.withheld, 0) <> CASE WHEN p.state = 'failed' THEN 0 ELSE p.withheld END
  OR coalesce(m.paid, 0) <> CASE WHEN p.state = 'paid' THEN p.net ELSE 0 END""",
)
# A worker's payout account equals the payouts on their way, to the cent: never more than was available at the
# request.
RESERVED_IS_ON_ITS_WAY = Invariant(
    14,
    "what is reserved is on its way",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ', on its way ' || coalesce(o.net, 0) AS detail
FROM people w JOIN accounts a ON a.name = 'worker:' || w.telegram_id || ':payout'
LEFT JOIN (
  SELECT worker, currency, sum(net) AS net FROM payouts WHERE state IN ('requested', 'sent', 'unknown')
  GROUP BY worker, currency
) AS o ON o.worker = w.id AND o.currency = a.currency
WHERE a.balance <> coalesce(o.net, 0)""",
)
# A second payment under another key would have no payout.
MOVEMENTS_HAVE_PAYOUTS = Invariant(
    14,
    "every movement of a payout has its payout",
    f"""
SELECT 'transfer ' || t.id AS subject, t.kind || ' of ' || t.amount || ' under ' || t.key AS detail
FROM ({SELECT_MOVEMENTS}) AS t LEFT JOIN payouts p ON CAST(p.id AS TEXT) = t.payout
WHERE t.key NOT LIKE t.kind || ':%' OR p.id IS NULL
  OR t.amount <> CASE WHEN t.kind IN ('withhold', 'unwithhold') THEN p.withheld ELSE p.net END""",
)
# Money withheld for the authorities is on its account, or was handed on.
WITHHELD_WAITS_OR_WAS_HANDED_ON = Invariant(
    14,
    "what is withheld waits or was handed on",
    """
SELECT 'account ' || a.name AS subject, 'balance ' || a.balance || ', withheld ' || coalesce(p.kept, 0)
  || ', handed on ' || coalesce(h.gone, 0) AS detail
FROM accounts a
LEFT JOIN (SELECT currency, sum(withheld) AS kept FROM payouts WHERE state <> 'failed' GROUP BY currency) AS p
  ON p.currency = a.currency
LEFT JOIN (
  SELECT currency, sum(CASE WHEN kind IN ('handed on', 'advance back') THEN amount ELSE -amount END) AS gone
  FROM transfers WHERE kind IN ('handed on', 'handed back', 'advance', 'advance back') GROUP BY currency
) AS h ON h.currency = a.currency
WHERE a.name = 'platform:withheld' AND a.balance <> coalesce(p.kept, 0) - coalesce(h.gone, 0)""",
)
# A share that is declared is handed on, and comes back, with declarations; every other one by hand. Where one paid for
# the other, an amount would come back from the authority twice: in money, and taken off the next declaration.
WITHHELD_COMES_BACK_ONCE = Invariant(
    14,
    "nothing withheld comes back from the authority twice",
    """
SELECT 'currency ' || f.currency || ', ' || f.fund AS subject, 'withheld ' || f.kept || ', handed on ' || f.gone
  || ', advanced ' || f.lent AS detail
FROM (
  SELECT s.currency, s.fund, s.kept, coalesce(sum(CASE WHEN t.kind = 'handed on' THEN t.amount
      WHEN t.kind = 'handed back' THEN -t.amount END), 0) AS gone,
    coalesce(sum(CASE t.kind WHEN 'advance' THEN t.amount WHEN 'advance back' THEN -t.amount END), 0) AS lent
  FROM (
    SELECT a.currency, k.fund, coalesce(sum(p.withheld), 0) AS kept
    FROM accounts a CROSS JOIN (SELECT 'declared' AS fund UNION ALL SELECT 'by hand') AS k
    LEFT JOIN payouts p ON p.currency = a.currency AND p.state <> 'failed'
      AND (k.fund = 'declared') = EXISTS (SELECT 1 FROM contributions c WHERE c.payout = p.id)
    WHERE a.name = 'platform:withheld' GROUP BY a.currency, k.fund
  ) AS s
  LEFT JOIN transfers t ON t.currency = s.currency AND t.kind IN ('handed on', 'handed back', 'advance', 'advance back')
    AND (s.fund = 'declared') = (t.key LIKE 'handed:declaration:%' OR t.kind IN ('advance', 'advance back'))
  GROUP BY s.currency, s.fund, s.kept
) AS f
WHERE f.kept - f.gone + f.lent < 0 OR f.gone < 0 OR f.lent < 0""",
)
# A payout goes to an account of the worker's own that was usable already when the payout was requested.
PAYEES_HAD_RESTED = Invariant(
    14,
    "a payout goes to its worker's rested account",
    """
SELECT 'payout ' || p.id AS subject, 'asked for at ' || p.requested_at || ' by ' || p.worker || ', account ' || e.id
  || ' of ' || e.person || ' is used from ' || e.usable_at AS detail
FROM payouts p JOIN payees e ON e.id = p.payee
WHERE e.person <> p.worker OR e.usable_at > p.requested_at OR e.replaced_at < p.requested_at""",
)
# Two workers may have answered a task before it was known that they share an account; afterwards only one of them may.
MATES_SHARE_NO_TASK = Invariant(
    7,
    "no task is answered twice to one bank account",
    """
SELECT 'task ' || later.task AS subject, 'given to ' || earlier.worker || ', then to ' || later.worker
  || ', whose account is the same' AS detail
FROM submissions later CROSS JOIN payee_mates m CROSS JOIN submissions earlier
WHERE m.person = later.worker AND later.assignment > m.after_assignment
  AND earlier.task = later.task AND earlier.worker = m.mate AND earlier.assignment < later.assignment""",
)

# Once it is known that a worker shares a requester's bank account, the worker answers none of their tasks.
REQUESTERS_MATES_DO_NOT_WORK = Invariant(
    7,
    "nobody works for who is paid to the same bank account",
    """
SELECT 'submission ' || s.id AS subject, 'worker ' || s.worker || ' shares an account with the requester of project '
  || s.project AS detail
FROM submissions s JOIN enrolments e ON e.worker = s.worker AND e.project = s.project
WHERE e.barred IS NOT NULL AND s.assignment > e.barred
UNION ALL
SELECT 'worker ' || e.worker, CASE WHEN e.barred IS NULL THEN 'is not kept out of project '
  ELSE 'qualified in project ' END || e.project || ', whose requester shares their account'
FROM enrolments e JOIN projects p ON p.id = e.project
JOIN payee_mates m ON m.person = e.worker AND m.mate = p.requester WHERE e.barred IS NULL OR e.qualified = 1""",
)

# A deposit from a bank's file goes to the requester in its reference. (An erased person's account has another name.)
DEPOSITS_FIT_REFERENCES = Invariant(
    14,
    "a deposit from a statement is its reference's",
    """
SELECT 'transfer ' || t.id AS subject, t.kind || ' “' || t.memo || '” from ' || d.name || ' to ' || c.name AS detail
FROM transfers t JOIN accounts d ON d.id = t.debit JOIN accounts c ON c.id = t.credit
LEFT JOIN people p ON c.name = 'requester:' || p.telegram_id || ':available'
WHERE (t.key LIKE 'deposit:bank:%' OR t.key LIKE 'deposit:row:%') AND (t.kind <> 'deposit' OR d.name <> 'external:bank'
  OR p.id IS NOT NULL
    AND t.memo NOT LIKE 'RF__POUCE' || CASE WHEN p.id < 0 THEN 'T' ELSE '' END || abs(p.id) || ' %')""",
)

# The balance of unexplained money is the sum of the waiting bank lines, to the millionth.
UNEXPLAINED_IS_WAITING_LINES = Invariant(
    14,
    "what is unexplained is the bank's lines that wait",
    """
SELECT 'account ' || a.name AS subject, a.currency || ', balance ' || a.balance || ', lines ' || coalesce(l.total, 0)
  AS detail
FROM accounts a
LEFT JOIN (
  SELECT currency, CAST(sum(CASE debit WHEN 1 THEN -amount ELSE amount END) AS BIGINT) AS total FROM bank_lines
  WHERE state = 'waiting' AND suspense IS NOT NULL GROUP BY currency
) AS l ON l.currency = a.currency
WHERE a.name = 'external:unexplained' AND a.balance <> coalesce(l.total, 0)""",
)
# Each line's movements are of its own amount; an explained line's unexplained transfer is reversed.
BANK_LINES_MOVE_ONCE = Invariant(
    14,
    "a bank's line moves its own amount once",
    """
SELECT 'bank line ' || l.id AS subject, l.state || ' ' || l.why || ' of ' || l.amount || ', unexplained '
  || coalesce(u.amount, 0) || ', explained ' || coalesce(e.amount, 0) || ', moved ' || coalesce(t.amount, 0) AS detail
FROM bank_lines l LEFT JOIN transfers u ON u.id = l.suspense LEFT JOIN transfers e ON e.id = l.undone
LEFT JOIN transfers t ON t.id = l.transfer
WHERE coalesce(u.amount, l.amount) <> l.amount OR coalesce(e.amount, l.amount) <> l.amount
  OR coalesce(t.amount, l.amount) <> l.amount OR coalesce(e.reverses, 0) <> CASE WHEN e.id IS NULL THEN 0 ELSE u.id END
  OR l.state = 'explained' AND u.id IS NOT NULL AND e.id IS NULL OR l.state = 'waiting' AND e.id IS NOT NULL""",
)

# Only for years that are over: the ledger's entries of those never change.
TAX_RETURNS_FIT_LEDGER = Invariant(
    14,
    "a return under DAC7 tells what the ledger says",
    """
SELECT 'document ' || d.reference AS subject, 'told ' || d.consideration || ', earned ' || d.earned AS detail
FROM (
  SELECT d.reference, d.consideration, coalesce((
    SELECT sum(e.amount) FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
    WHERE a.name = 'worker:' || coalesce(CAST(w.telegram_id AS TEXT), 'erased-' || w.id) || ':available'
      AND a.currency = d.currency AND t.made_at >= m.begins AND t.made_at < m.ends
      AND t.kind NOT IN ('payout', 'withhold', 'unpaid', 'unwithhold', 'waived')), 0) AS earned
  FROM tax_documents d JOIN tax_messages m ON m.id = d.message JOIN people w ON w.id = d.person
  WHERE m.made_at >= m.ends AND d.indicator <> 'OECD3'
) AS d WHERE d.consideration <> d.earned""",
)
CORRECTIONS_FIT_SELLERS = Invariant(
    14,
    "a correction is of its own seller's newest document",
    """
SELECT 'document ' || d.reference AS subject, 'corrects ' || b.reference || ', of person ' || coalesce(b.person, 0)
  || ' in ' || o.year AS detail
FROM tax_documents d JOIN tax_messages m ON m.id = d.message
JOIN tax_documents b ON b.reference = d.corrects JOIN tax_messages o ON o.id = b.message
WHERE coalesce(b.person, 0) <> coalesce(d.person, 0) OR b.currency <> d.currency OR o.year <> m.year OR o.form <> m.form
  OR b.message >= d.message
  OR EXISTS (SELECT 1 FROM tax_documents e WHERE e.corrects = d.corrects AND e.reference <> d.reference)""",
)

INVARIANTS = (
    *(
        PAYOUTS_ADD_UP,
        MONEY_IS_WHERE_STATE_SAYS,
        RESERVED_IS_ON_ITS_WAY,
        MOVEMENTS_HAVE_PAYOUTS,
        WITHHELD_WAITS_OR_WAS_HANDED_ON,
        WITHHELD_COMES_BACK_ONCE,
        PAYEES_HAD_RESTED,
        MATES_SHARE_NO_TASK,
        REQUESTERS_MATES_DO_NOT_WORK,
        DEPOSITS_FIT_REFERENCES,
    ),
    *(UNEXPLAINED_IS_WAITING_LINES, BANK_LINES_MOVE_ONCE, TAX_RETURNS_FIT_LEDGER, CORRECTIONS_FIT_SELLERS),
)
