"""Formats of data that enters or leaves: bytes ↔ values, one file per format. Doors: reading, caption, writing."""
