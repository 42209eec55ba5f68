"""Which of two or more is better. Handed in and known like a choice."""

from domain.answers.choice import Choice


class Compare(Choice):
    order = 60
    is_default = False
    options_are_columns = True
    meets_again = True


KIND = Compare()
