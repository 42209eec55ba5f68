-- What Telegram has already: pictures and files that are sent again by their id instead of being uploaded once more.

-- `content` is a hash, of bytes or of an address: nothing here tells what it was or who was shown it.
CREATE TABLE uploads (
  content TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX uploads_old ON uploads (uploaded_at);
