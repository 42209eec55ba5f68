"""`pouce mturk`: programs written for Amazon Mechanical Turk, and what was saved there, brought to this house."""
