"""Drafts: begun with another project, tried on a few tasks."""
