-- What may be spent on calls to models, in millionths of a dollar. NULL: no bound.
ALTER TABLE submissions ADD COLUMN call_budget_microusd INTEGER;
ALTER TABLE submissions ADD COLUMN episode_budget_microusd INTEGER;
ALTER TABLE submissions ADD COLUMN submission_budget_microusd INTEGER;

CREATE TABLE user_budgets (
    user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    total_microusd INTEGER,
    month_microusd INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;

-- One row for each call to a model that was about to be made; written before it is made.
CREATE TABLE spending (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    experiment_id TEXT REFERENCES experiments (id) ON DELETE SET NULL, -- NULL: submitted alone
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    episode_id TEXT NOT NULL,
    month TEXT NOT NULL, -- e.g. 2026-11, in UTC
    held_microusd INTEGER, -- the most that it can cost. NULL: not known
    cost_microusd INTEGER, -- NULL: under way, cut off, or not priced
    settled INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX spending_user ON spending (user_id);
CREATE INDEX spending_submission ON spending (submission_id);
CREATE INDEX spending_experiment ON spending (experiment_id);

-- Sums over `spending`, kept in the transactions that write it. A call counts with its cost, and
-- with the most that it can cost for as long as that is not known.
CREATE TABLE spent (
    scope TEXT NOT NULL CHECK (scope IN ('episode', 'submission', 'experiment', 'user', 'month')),
    subject TEXT NOT NULL, -- the id; of a month the user's id and the month
    microusd INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    uncounted INTEGER NOT NULL, -- calls whose cost has no known bound
    PRIMARY KEY (scope, subject)
) STRICT, WITHOUT ROWID;

-- What earlier versions have booked counts against what is set from now on.
INSERT INTO spending (id, user_id, experiment_id, submission_id, episode_id, month, held_microusd,
                      cost_microusd, settled, at)
SELECT c.id, s.user_id, s.experiment_id, c.submission_id, c.episode_id,
       strftime('%Y-%m', c.at / 1000, 'unixepoch'),
       coalesce(c.cost_microusd, CASE WHEN c.status >= 400 THEN 0 END), c.cost_microusd, 1, c.at
FROM llm_calls c JOIN submissions s ON s.id = c.submission_id
WHERE c.purpose = 'act';
INSERT INTO spent (scope, subject, microusd, calls, uncounted)
SELECT 'episode', episode_id, coalesce(sum(held_microusd), 0), count(*), count(*) - count(held_microusd)
FROM spending GROUP BY episode_id
UNION ALL
SELECT 'submission', submission_id, coalesce(sum(held_microusd), 0), count(*), count(*) - count(held_microusd)
FROM spending GROUP BY submission_id
UNION ALL
SELECT 'user', user_id, coalesce(sum(held_microusd), 0), count(*), count(*) - count(held_microusd)
FROM spending GROUP BY user_id
UNION ALL
SELECT 'month', user_id || ' ' || month, coalesce(sum(held_microusd), 0), count(*), count(*) - count(held_microusd)
FROM spending GROUP BY user_id, month;
