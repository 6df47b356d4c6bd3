-- What an episode ran with, for whoever wants to run it again. Episodes of earlier versions have none.
CREATE TABLE manifests (
    episode_id TEXT PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    manifest TEXT NOT NULL CHECK (json_valid(manifest))
) STRICT;
CREATE INDEX manifests_submission ON manifests (submission_id);
