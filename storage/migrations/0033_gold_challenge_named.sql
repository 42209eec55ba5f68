-- Messages about a contested check question that still wait call it a challenge, as everything else does. The name stands
-- first in their facts; the content of a task may have a column of the old name, which stays.
UPDATE outbox SET facts = '{"challenge":' || substr(facts, 10)
WHERE screen IN ('quality.GoldDoubted', 'quality.GoldDecided') AND facts LIKE '{"trial":%';
