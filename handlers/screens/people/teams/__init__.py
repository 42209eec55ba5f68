"""Teams in chat."""
