-- The log has lines of contests, too.
ALTER TABLE board_log DROP CONSTRAINT board_log_kind_check;
ALTER TABLE board_log ADD CONSTRAINT board_log_kind_check CHECK (kind IN (
  'posted', 'hidden', 'withdrawn', 'reached', 'answered', 'unanswered', 'lapsed',
  'contested', 'restored', 'upheld', 'undecided'));
