"""Personal data about money: sections of `/mydata`, a statement each."""

from storage.money.operations import MOVEMENT

MONEY = {
    "bank_accounts": """
SELECT holder, iban, fingerprint, given_at, usable_at, replaced_at FROM payees WHERE person = :person ORDER BY id""",
    "payouts": """
SELECT p.id AS number, p.currency, p.gross, p.withheld, p.fee, p.net, p.state, p.reason, p.requested_at, p.decided_at,
  e.iban FROM payouts p JOIN payees e ON e.id = p.payee WHERE p.worker = :person ORDER BY p.id""",
    "tax_form": """
SELECT asked_at, reminders, remind_at, given_at, changed_at, keep_until AS keep_until_at, sealed AS tax_answers
FROM tax_forms WHERE person = :person""",
    "siret": "SELECT siret, asked_at, given_at FROM contributors WHERE person = :person",
    "contributions": """
SELECT c.payout AS number, c.siret, c.month, c.rate AS withheld_basis_points, c.gross, c.amount FROM contributions c
JOIN payouts p ON p.id = c.payout WHERE p.worker = :person ORDER BY c.payout""",
    "billed_to": "SELECT buyer AS billed_to, asked_at FROM buyers WHERE person = :person",
    "invoices": """
SELECT i.year || '-' || i.number AS number, o.number AS corrects, i.currency, i.gross AS amount, i.buyer AS billed_to,
  i.issued_at FROM invoices i LEFT JOIN invoices o ON o.id = i.corrects WHERE i.person = :person ORDER BY i.id""",
    "tax_returns": """
SELECT m.year, m.form AS format, d.indicator AS kind, d.reference, d.currency, d.consideration, d.fees, d.withheld,
  d.activities AS answers, m.made_at, m.keep_until AS keep_until_at, d.sealed AS tax_answers
FROM tax_documents d JOIN tax_messages m ON m.id = d.message WHERE d.person = :person ORDER BY m.id, d.reference""",
    "money": f"""
SELECT t.id AS operation, t.made_at AS moved_at, a.name AS account, {MOVEMENT} AS kind, e.amount, e.balance,
  a.currency, t.memo
FROM accounts a JOIN entries e ON e.account = a.id JOIN transfers t ON t.id = e.transfer
WHERE a.name LIKE 'worker:' || CAST(:telegram_id AS TEXT) || ':%'
  OR a.name LIKE 'requester:' || CAST(:telegram_id AS TEXT) || ':%' ORDER BY t.id""",
}
