-- Times are 100 ns ticks since 0001-01-01 in UTC. Ids sort byte by byte, whatever the language of the database.
CREATE TABLE migrations (
    version INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    applied BIGINT NOT NULL
);

-- One row: which instance is active. Whoever becomes active makes the number larger, and each change is made only while
-- the number is still the writer's own.
CREATE TABLE lease (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    holder TEXT NOT NULL,
    since  BIGINT NOT NULL
);

INSERT INTO lease (id, number, holder, since) VALUES (1, 0, '', 0);

-- The newest number given to an event or an entry. Not a sequence: a change that fails must leave no gap.
CREATE TABLE numbers (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

INSERT INTO numbers (name, last) VALUES ('events', 0), ('outbox', 0);

CREATE FUNCTION next_number(wanted TEXT) RETURNS BIGINT LANGUAGE SQL VOLATILE AS
    'UPDATE numbers SET last = last + 1 WHERE name = wanted RETURNING last';

CREATE TABLE upgrades (
    id       TEXT COLLATE "C" PRIMARY KEY,
    revision BIGINT NOT NULL,
    target   TEXT COLLATE "C" NOT NULL,
    phase    TEXT COLLATE "C" NOT NULL,
    open     INTEGER NOT NULL,
    created  BIGINT NOT NULL,
    document TEXT NOT NULL
);

CREATE INDEX upgrades_by_target ON upgrades (target, id);
CREATE INDEX upgrades_by_phase ON upgrades (phase, id);
CREATE INDEX upgrades_open ON upgrades (id) WHERE open = 1;
CREATE INDEX upgrades_by_creation ON upgrades (created);

CREATE TABLE outbox (
    id           BIGINT PRIMARY KEY DEFAULT next_number('outbox'),
    sink         TEXT COLLATE "C" NOT NULL,
    action       TEXT NOT NULL,
    key          TEXT COLLATE "C" NOT NULL,
    upgrade_id   TEXT COLLATE "C" NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    at           BIGINT NOT NULL,
    text         TEXT NOT NULL,
    tags         TEXT NOT NULL,
    attempts     BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    last_error   TEXT,
    remote_id    TEXT,
    done         BIGINT
);

CREATE INDEX outbox_waiting ON outbox (sink, id) WHERE done IS NULL;
CREATE INDEX outbox_by_key ON outbox (key);
CREATE INDEX outbox_by_upgrade ON outbox (upgrade_id);

CREATE TABLE events (
    id         BIGINT PRIMARY KEY DEFAULT next_number('events'),
    type       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    upgrade_id TEXT COLLATE "C" NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    target     TEXT COLLATE "C" NOT NULL,
    subject    TEXT,
    state      TEXT NOT NULL,
    code       TEXT,
    text       TEXT
);

CREATE INDEX events_by_upgrade ON events (upgrade_id);

CREATE TABLE idempotency (
    key          TEXT COLLATE "C" PRIMARY KEY,
    request_hash TEXT NOT NULL,
    upgrade_id   TEXT COLLATE "C" NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE
);

CREATE INDEX idempotency_by_upgrade ON idempotency (upgrade_id);

CREATE TABLE baselines (
    upgrade_id TEXT COLLATE "C" PRIMARY KEY REFERENCES upgrades (id) ON DELETE CASCADE,
    steps      BYTEA NOT NULL
);

-- What an upgrade is judged against beside its baseline: series and what was worked out of them.
CREATE TABLE histories (
    upgrade_id TEXT COLLATE "C" PRIMARY KEY REFERENCES upgrades (id) ON DELETE CASCADE,
    history    BYTEA NOT NULL
);

-- Blocks of one target and step length never overlap.
CREATE TABLE steps (
    target       TEXT COLLATE "C" NOT NULL,
    step_seconds DOUBLE PRECISION NOT NULL,
    first_step   BIGINT NOT NULL,
    last_step    BIGINT NOT NULL,
    first_end    BIGINT NOT NULL,
    last_end     BIGINT NOT NULL,
    steps        BYTEA NOT NULL,
    PRIMARY KEY (target, step_seconds, first_step)
);

CREATE INDEX steps_by_time ON steps (target, first_end, last_end);
CREATE INDEX steps_by_end ON steps (last_end);
