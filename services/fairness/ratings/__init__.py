"""Ratings of requesters: given by workers, asked for once, replied to once."""
