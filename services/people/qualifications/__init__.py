"""Qualifications of workers: granted by requesters, asked for by workers."""
