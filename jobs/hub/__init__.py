"""Data sets for the Hugging Face hub: as a file, or pushed there."""
