-- One row: which instance is active. The lock on the file beside the store decides it; this is how the others know its
-- name, and what stops a writer whose lock was taken from it (a deleted lock file, a file system without locks).
CREATE TABLE lease (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    holder TEXT NOT NULL,
    since  INTEGER NOT NULL
) STRICT;

INSERT INTO lease (id, number, holder, since) VALUES (1, 0, '', 0);
