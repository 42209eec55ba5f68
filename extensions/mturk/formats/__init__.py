"""The XML of Mechanical Turk: questions in, answers out."""
