"""Operations of the Mechanical Turk door, each one transaction. Members come by name; refusals are RequestErrors."""
