-- What was seen last of each workload of a target.
CREATE TABLE rollouts (
    target   TEXT NOT NULL,
    workload TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (target, workload)
) STRICT;
