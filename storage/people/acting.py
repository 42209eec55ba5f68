"""For which team the person of a transaction acts."""

from dataclasses import dataclass

from domain.people.people import PersonId


@dataclass(slots=True)
class Acting:
    """`member` acts for `team` by this `right`; set by services/people/teams/acting.py once it is authorised."""

    team: PersonId | None = None
    member: PersonId | None = None
    right: str = ""

    def end(self) -> None:
        """For themselves."""
        self.team, self.member, self.right = None, None, ""

    def chat_of(self, person: PersonId) -> PersonId:
        """The member where it is the team that acts."""
        return self.member if self.member is not None and person == self.team else person
