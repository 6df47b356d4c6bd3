-- What the gate (`agentarena verify`) found about a task revision. A revision without a row was
-- not verified yet; one that failed is in no ranking.
CREATE TABLE task_verifications (
    task_id TEXT PRIMARY KEY REFERENCES tasks (id),
    status TEXT NOT NULL CHECK (status IN ('verified', 'failed')),
    tallies TEXT NOT NULL CHECK (json_valid(tallies)), -- array: agent, what it must, passed, scored, unscored
    problems TEXT NOT NULL CHECK (json_valid(problems)), -- array of sentences, empty when verified
    verified_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
