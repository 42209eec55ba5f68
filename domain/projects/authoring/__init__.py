"""Writing a project: its worked examples, and the messages while it is edited."""
