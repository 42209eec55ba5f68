-- The most that each project may take of its requester's money: the sum of what cards, offers and replies stated before
-- anything was held. What was held until now had been stated.
CREATE TABLE stated_costs (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  amount BIGINT NOT NULL CHECK (amount >= 0)
);
INSERT INTO stated_costs (project, amount)
SELECT t.project, sum(t.amount) FROM transfers t JOIN accounts d ON d.id = t.debit
WHERE t.project IS NOT NULL AND t.kind IN ('launch', 'reserve', 'extra', 'stake') AND d.name LIKE 'requester:%'
GROUP BY t.project;
