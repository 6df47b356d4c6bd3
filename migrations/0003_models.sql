-- What a call to a model was booked with, so that its cost can be computed again.
ALTER TABLE llm_calls ADD COLUMN purpose TEXT NOT NULL DEFAULT 'act' CHECK (purpose IN ('act', 'judge'));
ALTER TABLE llm_calls ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1; -- which try of the step's decision
ALTER TABLE llm_calls ADD COLUMN returned_model TEXT; -- NULL: the provider did not name it
ALTER TABLE llm_calls ADD COLUMN cache_write_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_calls ADD COLUMN price_version TEXT; -- NULL: no price was known
-- Millionths of a dollar per million tokens. NULL: unknown.
ALTER TABLE llm_calls ADD COLUMN input_price INTEGER;
ALTER TABLE llm_calls ADD COLUMN output_price INTEGER;
ALTER TABLE llm_calls ADD COLUMN cache_read_price INTEGER;
ALTER TABLE llm_calls ADD COLUMN cache_write_price INTEGER;

-- Calls of earlier versions were booked with their agent's own prices, which its revision holds,
-- and what was read from the cache at the price of input.
UPDATE llm_calls SET
    input_price = (
        SELECT json_extract(r.config, '$.inputPriceMicrousdPerMtok')
        FROM submissions s JOIN agent_revisions r ON r.id = s.agent_revision_id
        WHERE s.id = llm_calls.submission_id),
    output_price = (
        SELECT json_extract(r.config, '$.outputPriceMicrousdPerMtok')
        FROM submissions s JOIN agent_revisions r ON r.id = s.agent_revision_id
        WHERE s.id = llm_calls.submission_id),
    -- They were stored in order, and ids rise with time.
    attempt = (
        SELECT count(*) FROM llm_calls o
        WHERE o.submission_id = llm_calls.submission_id AND o.episode_id = llm_calls.episode_id
          AND o.step = llm_calls.step AND (o.at, o.id) <= (llm_calls.at, llm_calls.id));
UPDATE llm_calls SET
    cache_read_price = input_price,
    price_version = 'own'
WHERE input_price IS NOT NULL OR output_price IS NOT NULL;
