-- The key of a test as it was when the test was begun; one that is being taken keeps that of its type, if it is the same.
ALTER TABLE qualification_requests ADD COLUMN answer_key TEXT;
UPDATE qualification_requests SET answer_key = (
  SELECT t.answer_key FROM qualification_types t
  WHERE t.id = qualification_requests.type AND t.test = qualification_requests.test)
WHERE state = 'testing';
