-- All tables of DESIGN.md section 4. Ids are UUIDv7 as text, times integer milliseconds UTC,
-- money integer millionths of a dollar. A column without NOT NULL says beside it what absence means.

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL COLLATE NOCASE UNIQUE,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('USER', 'ADMIN', 'SUPER_ADMIN')),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    theme TEXT CHECK (theme IN ('light', 'dark')), -- NULL: as the system says
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX users_created ON users (created_at DESC, id DESC);

CREATE TABLE refresh_tokens (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family_id TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER, -- NULL: not rotated yet
    revoked_at INTEGER -- NULL: not revoked
) STRICT;
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);

CREATE TABLE access_tokens (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER, -- NULL: does not expire
    last_used_at INTEGER, -- NULL: never used
    revoked_at INTEGER -- NULL: not revoked
) STRICT;
CREATE INDEX access_tokens_user ON access_tokens (user_id, created_at DESC);

CREATE TABLE provider_keys (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    ciphertext BLOB NOT NULL, -- nonce, AES-256-GCM ciphertext, tag
    hint TEXT NOT NULL, -- last four characters, for recognition
    created_at INTEGER NOT NULL,
    UNIQUE (user_id, name)
) STRICT;

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE, -- NULL: built in
    name TEXT NOT NULL COLLATE NOCASE,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER -- NULL: in use. A deleted agent's results stay
) STRICT;
CREATE UNIQUE INDEX agents_name ON agents (coalesce(user_id, ''), name) WHERE deleted_at IS NULL;
CREATE INDEX agents_created ON agents (created_at DESC, id DESC);
CREATE INDEX agents_user_created ON agents (user_id, created_at DESC, id DESC);

CREATE TABLE agent_revisions (
    id TEXT PRIMARY KEY,
    agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    config TEXT NOT NULL CHECK (json_valid(config)),
    created_at INTEGER NOT NULL,
    UNIQUE (agent_id, number)
) STRICT;

CREATE TABLE environments (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    version TEXT NOT NULL,
    config TEXT NOT NULL CHECK (json_valid(config)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE suites (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE tasks (
    id TEXT PRIMARY KEY,
    suite_id TEXT NOT NULL REFERENCES suites (id),
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    template TEXT NOT NULL,
    title TEXT NOT NULL,
    goal TEXT NOT NULL,
    kind TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    environment_id TEXT NOT NULL REFERENCES environments (id),
    spec TEXT NOT NULL CHECK (json_valid(spec)), -- the whole TaskSpec
    spec_hash TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)), -- 0: superseded or withdrawn
    created_at INTEGER NOT NULL,
    UNIQUE (suite_id, key, revision)
) STRICT;
CREATE INDEX tasks_suite_key ON tasks (suite_id, active, key, id);
CREATE INDEX tasks_key ON tasks (active, key, id);

CREATE TABLE experiments (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    config TEXT NOT NULL CHECK (json_valid(config)),
    budget_microusd INTEGER, -- NULL: no bound
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at INTEGER -- NULL: not ended
) STRICT;
CREATE INDEX experiments_user_created ON experiments (user_id, created_at DESC, id DESC);

CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    agent_revision_id TEXT NOT NULL REFERENCES agent_revisions (id),
    task_id TEXT NOT NULL REFERENCES tasks (id),
    suite_id TEXT NOT NULL REFERENCES suites (id),
    experiment_id TEXT REFERENCES experiments (id), -- NULL: submitted alone
    seed INTEGER NOT NULL,
    playground TEXT NOT NULL CHECK (playground IN ('real', 'mock')),
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    outcome TEXT, -- NULL: not ended
    score REAL, -- NULL: not scored
    reason TEXT, -- NULL: not ended. One sentence
    steps INTEGER, -- NULL: not ended
    duration_ms INTEGER, -- NULL: not ended
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    model_calls INTEGER NOT NULL DEFAULT 0,
    cost_microusd INTEGER, -- NULL: not ended, or unpriced (then model_calls > 0)
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER, -- NULL: not started
    ended_at INTEGER -- NULL: not ended
) STRICT;
CREATE INDEX submissions_user_created ON submissions (user_id, created_at DESC, id DESC);
CREATE INDEX submissions_created ON submissions (created_at DESC, id DESC);
CREATE INDEX submissions_status ON submissions (status);
CREATE INDEX submissions_user_status_created ON submissions (user_id, status, created_at DESC, id DESC);
CREATE INDEX submissions_task_agent ON submissions (task_id, agent_revision_id);
CREATE INDEX submissions_suite_agent ON submissions (suite_id, agent_revision_id);
CREATE INDEX submissions_task_created ON submissions (task_id, created_at DESC, id DESC);
CREATE INDEX submissions_agent_created ON submissions (agent_id, created_at DESC, id DESC);

CREATE TABLE episodes (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    outcome TEXT, -- NULL: under way
    reason TEXT, -- NULL: under way
    steps INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER NOT NULL,
    ended_at INTEGER, -- NULL: under way
    UNIQUE (submission_id, attempt)
) STRICT;

CREATE INDEX episodes_open ON episodes (id) WHERE ended_at IS NULL;

CREATE TABLE events (
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    PRIMARY KEY (submission_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_episode ON events (episode_id);

CREATE TABLE artifacts (
    hash TEXT PRIMARY KEY, -- SHA-256 of the bytes, lower-case hex; the file's name
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE evaluation_results (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    score REAL NOT NULL,
    time_taken_ms INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (json_valid(verdict)),
    evidence_hash TEXT NOT NULL REFERENCES artifacts (hash),
    completed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evaluation_results_submission ON evaluation_results (submission_id, score, time_taken_ms);

-- One row per agent revision for each task and for each whole suite. Counts are kept in step
-- with submissions in the transaction that ends one; ranks within the same suite or task too.
CREATE TABLE leaderboard (
    id TEXT PRIMARY KEY,
    suite_id TEXT NOT NULL REFERENCES suites (id),
    task_id TEXT REFERENCES tasks (id), -- NULL: the row is for the whole suite
    agent_id TEXT NOT NULL REFERENCES agents (id),
    agent_revision_id TEXT NOT NULL REFERENCES agent_revisions (id),
    rank INTEGER NOT NULL, -- 1 is best; equal scores share the smaller number; nothing scored: last
    score REAL, -- NULL: nothing scored. Mean score over scored submissions, 0 to 1
    passed INTEGER NOT NULL,
    scored INTEGER NOT NULL,
    unscored INTEGER NOT NULL,
    score_sum REAL NOT NULL,
    duration_ms_sum INTEGER NOT NULL,
    steps_sum INTEGER NOT NULL,
    cost_microusd_sum INTEGER NOT NULL, -- over priced submissions only
    unpriced INTEGER NOT NULL, -- scored submissions whose cost is unknown
    best_submission_id TEXT REFERENCES submissions (id), -- NULL: nothing scored
    achieved_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX leaderboard_scope ON leaderboard (suite_id, coalesce(task_id, ''), agent_revision_id);
CREATE INDEX leaderboard_task_score ON leaderboard (task_id, score DESC);
CREATE INDEX leaderboard_rank ON leaderboard (suite_id, task_id, rank, id);

CREATE TABLE llm_calls (
    id TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    status INTEGER, -- NULL: no answer came
    error TEXT, -- NULL: none
    usage_reported INTEGER NOT NULL CHECK (usage_reported IN (0, 1)), -- 0: the counts are unknown
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cache_read_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost_microusd INTEGER, -- NULL: unpriced
    duration_ms INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX llm_calls_submission ON llm_calls (submission_id, at, id);

-- Background work. The queue knows kinds and subjects as text only.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    user_id TEXT, -- NULL: the arena's own
    priority INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0,
    run_after INTEGER NOT NULL,
    claimed_by TEXT, -- NULL: not claimed. The process's id
    lease_until INTEGER, -- NULL: not claimed
    last_error TEXT, -- NULL: none yet
    created_at INTEGER NOT NULL,
    started_at INTEGER, -- NULL: not started
    ended_at INTEGER, -- NULL: not ended
    UNIQUE (kind, subject_id)
) STRICT;
CREATE INDEX jobs_queue ON jobs (status, run_after, priority DESC, created_at);
CREATE INDEX jobs_user ON jobs (user_id, status, started_at);
CREATE INDEX jobs_user_started ON jobs (user_id, started_at);
CREATE INDEX jobs_next ON jobs (status, user_id, priority DESC, created_at, id);

CREATE TABLE audit_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user_id TEXT, -- NULL: the arena itself, or someone unknown
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL CHECK (json_valid(details)),
    previous_hash TEXT NOT NULL, -- hash of the row before, empty for the first
    hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value)),
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
