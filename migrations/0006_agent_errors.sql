-- What the agent did wrong, where the outcome is agent_error. NULL: it did nothing of the kind, or
-- it is of a version that did not tell.
ALTER TABLE submissions ADD COLUMN agent_error TEXT;
