"""Drafts that begin with something: another project, or a usual form."""
