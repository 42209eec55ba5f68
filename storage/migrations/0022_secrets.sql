-- Keys that this installation makes for itself. Draws that nobody outside may foretell go by one of them.
CREATE TABLE IF NOT EXISTS secrets (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
