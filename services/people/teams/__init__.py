"""Teams: who acts for whom, and what members set aside."""
