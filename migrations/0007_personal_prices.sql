-- Calls that belong to no submission: an agent or a key that is tried.
ALTER TABLE llm_calls ALTER COLUMN submission_id DROP NOT NULL; -- NULL: tried
ALTER TABLE llm_calls ALTER COLUMN episode_id DROP NOT NULL; -- NULL: tried
ALTER TABLE llm_calls ADD COLUMN user_id TEXT REFERENCES users (id) ON DELETE CASCADE; -- for whom it was made
ALTER TABLE llm_calls ADD COLUMN agent_id TEXT REFERENCES agents (id) ON DELETE CASCADE; -- NULL: no stored agent's
ALTER TABLE llm_calls ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0; -- 1: it never reached the provider
UPDATE llm_calls SET
    user_id = (SELECT s.user_id FROM submissions s WHERE s.id = llm_calls.submission_id),
    agent_id = (SELECT s.agent_id FROM submissions s WHERE s.id = llm_calls.submission_id);
-- The same column without its list of values: the closed list is `CallPurpose`.
ALTER TABLE llm_calls ADD COLUMN any_purpose TEXT NOT NULL DEFAULT 'act';
UPDATE llm_calls SET any_purpose = purpose;
ALTER TABLE llm_calls DROP COLUMN purpose;
ALTER TABLE llm_calls RENAME COLUMN any_purpose TO purpose;
CREATE INDEX llm_calls_agent ON llm_calls (agent_id, purpose);
CREATE INDEX llm_calls_user ON llm_calls (user_id);

ALTER TABLE spending ALTER COLUMN submission_id DROP NOT NULL; -- NULL: tried
ALTER TABLE spending ALTER COLUMN episode_id DROP NOT NULL; -- NULL: tried
-- Holds that no cost has taken the place of.
CREATE INDEX spending_open ON spending (user_id, month) WHERE cost_microusd IS NULL;

ALTER TABLE provider_keys ADD COLUMN rotated_at INTEGER; -- NULL: never

-- What models cost by a person's own word. Every change is a row; the newest of a model holds.
CREATE TABLE personal_prices (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    version INTEGER NOT NULL, -- counts the person's changes from 1
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    -- Millionths of a dollar per million tokens. NULL: not set; all four: taken back.
    input_price INTEGER,
    output_price INTEGER,
    cache_read_price INTEGER,
    cache_write_price INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (user_id, version)
) STRICT;
CREATE INDEX personal_prices_model ON personal_prices (user_id, provider, model, version);
