-- Times are 100 ns ticks since 0001-01-01 in UTC. Ids of outbox entries and events are never used twice.
CREATE TABLE upgrades (
    id       TEXT PRIMARY KEY NOT NULL,
    revision INTEGER NOT NULL,
    target   TEXT NOT NULL,
    phase    TEXT NOT NULL,
    open     INTEGER NOT NULL,
    created  INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE INDEX upgrades_by_target ON upgrades (target, id);
CREATE INDEX upgrades_by_phase ON upgrades (phase, id);
CREATE INDEX upgrades_open ON upgrades (id) WHERE open = 1;
CREATE INDEX upgrades_by_creation ON upgrades (created);

CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    sink         TEXT NOT NULL,
    action       TEXT NOT NULL,
    key          TEXT NOT NULL,
    upgrade_id   TEXT NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    text         TEXT NOT NULL,
    tags         TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    last_error   TEXT,
    remote_id    TEXT,
    done         INTEGER
) STRICT;

CREATE INDEX outbox_waiting ON outbox (sink, id) WHERE done IS NULL;
CREATE INDEX outbox_by_key ON outbox (key);
CREATE INDEX outbox_by_upgrade ON outbox (upgrade_id);

CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    type       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    upgrade_id TEXT NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    target     TEXT NOT NULL,
    subject    TEXT,
    state      TEXT NOT NULL,
    code       TEXT,
    text       TEXT
) STRICT;

CREATE INDEX events_by_upgrade ON events (upgrade_id);

CREATE TABLE idempotency (
    key          TEXT PRIMARY KEY NOT NULL,
    request_hash TEXT NOT NULL,
    upgrade_id   TEXT NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX idempotency_by_upgrade ON idempotency (upgrade_id);

CREATE TABLE baselines (
    upgrade_id TEXT PRIMARY KEY NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    steps      BLOB NOT NULL
) STRICT;

-- Blocks of one target and step length never overlap.
CREATE TABLE steps (
    target       TEXT NOT NULL,
    step_seconds REAL NOT NULL,
    first_step   INTEGER NOT NULL,
    last_step    INTEGER NOT NULL,
    first_end    INTEGER NOT NULL,
    last_end     INTEGER NOT NULL,
    steps        BLOB NOT NULL,
    PRIMARY KEY (target, step_seconds, first_step)
) STRICT;

CREATE INDEX steps_by_time ON steps (target, first_end, last_end);
CREATE INDEX steps_by_end ON steps (last_end);
