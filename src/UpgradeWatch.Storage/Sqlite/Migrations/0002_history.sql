-- What an upgrade is judged against beside its baseline: series and what was worked out of them.
CREATE TABLE histories (
    upgrade_id TEXT PRIMARY KEY NOT NULL REFERENCES upgrades (id) ON DELETE CASCADE,
    history    BLOB NOT NULL
) STRICT;

-- Settings that upgrades which are there already began without.
UPDATE upgrades SET document = json_set(document, '$.evaluation.timeZone', 'UTC') WHERE document ->> '$.evaluation' IS NOT NULL;
