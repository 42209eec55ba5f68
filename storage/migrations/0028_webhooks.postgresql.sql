-- A task closes by answers, by gold or with its project: what closes it writes the event, so that no place forgets it.
CREATE FUNCTION webhook_task_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO webhook_events (project, kind, subject)
  SELECT p.id, 'task.closed', NEW.id FROM projects p WHERE p.id = NEW.project
  AND EXISTS (SELECT 1 FROM webhooks w WHERE w.person = p.requester AND w.removed_at IS NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER tasks_webhook AFTER UPDATE OF state ON tasks FOR EACH ROW
WHEN (NEW.state = 'closed' AND OLD.state <> 'closed') EXECUTE FUNCTION webhook_task_closed();
