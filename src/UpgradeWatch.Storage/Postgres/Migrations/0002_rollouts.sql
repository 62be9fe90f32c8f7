-- What was seen last of each workload of a target.
CREATE TABLE rollouts (
    target   TEXT COLLATE "C" NOT NULL,
    workload TEXT COLLATE "C" NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (target, workload)
);
