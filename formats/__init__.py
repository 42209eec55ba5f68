"""How data enters and leaves: bytes ↔ values, one file per format. Doors: reading, caption, writing."""
