-- A task closes by answers, by gold or with its project: what closes it writes the event, so that no place forgets it.
CREATE TRIGGER tasks_webhook AFTER UPDATE OF state ON tasks
WHEN NEW.state = 'closed' AND OLD.state <> 'closed'
BEGIN
  INSERT INTO webhook_events (project, kind, subject)
  SELECT p.id, 'task.closed', NEW.id FROM projects p WHERE p.id = NEW.project
  AND EXISTS (SELECT 1 FROM webhooks w WHERE w.person = p.requester AND w.removed_at IS NULL);
END;
