"""What is kept about one person, as data and as a page to read."""
