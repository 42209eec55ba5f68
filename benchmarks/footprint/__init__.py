"""How much of the program a maintainer meets: files, names, and what one press of a button executes."""
