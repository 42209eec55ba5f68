"""Changes of an answer that was given."""
