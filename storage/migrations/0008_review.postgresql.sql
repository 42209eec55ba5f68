-- What was said against somebody's work, and what was judged, stays as it was said. Also: 0008_review.sqlite.sql.

CREATE TRIGGER rejections_keep
BEFORE DELETE OR UPDATE OF submission, project, line, clause, reason, rejected_by, rejected_at, appeal_until
ON rejections FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements
FOR EACH ROW WHEN (OLD.state = 'given') EXECUTE FUNCTION append_only();
