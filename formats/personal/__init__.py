"""Personal data of one person, as data and as a page to read."""
