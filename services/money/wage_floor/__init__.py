"""Money of the wage floor: what is moved to workers, and what is still owed."""
