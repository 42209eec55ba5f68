-- What was said against somebody's work, and what was judged, stays as it was said. Also: 0008_review.postgresql.sql.

CREATE TRIGGER rejections_keep
BEFORE UPDATE OF submission, project, line, clause, reason, rejected_by, rejected_at, appeal_until ON rejections
BEGIN SELECT RAISE(ABORT, 'rejections are append-only'); END;
CREATE TRIGGER rejections_stay BEFORE DELETE ON rejections
BEGIN SELECT RAISE(ABORT, 'rejections are append-only'); END;
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements WHEN OLD.state = 'given'
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
