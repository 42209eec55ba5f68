-- What people wrote, showed or said was erased with them, and was counted as “can't tell” from then on: it is taken back,
-- as an answer is whose consent was withdrawn. Options that they pressed go on counting; they name nobody.
UPDATE enrolments SET taken_back = 1
WHERE answered > 0 AND taken_back = 0 AND worker IN (SELECT id FROM people WHERE erased_at IS NOT NULL)
  AND project IN (
    SELECT id FROM projects WHERE kind IN ('number', 'text', 'photo', 'voice', 'location', 'form', 'questionnaire'));
