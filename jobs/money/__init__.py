"""Files about money: the bank's, in and out, and workers' statements."""
