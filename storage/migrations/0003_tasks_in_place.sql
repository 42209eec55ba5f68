-- A task takes the message of the one before it, unless its worker chooses a message a task. Those who had kept the
-- former default cannot be told from those who chose it: everybody begins with the new one.
UPDATE preferences SET in_place = 1;
