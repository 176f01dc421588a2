-- +goose Up
-- What the program does for the whole house by itself, once a day each. A server
-- takes a run by a lease that it renews; when it dies another one goes on.
CREATE TABLE upkeep (
  kind text NOT NULL,
  target text NOT NULL DEFAULT '', -- tells several of a kind apart; no address stands here
  day date NOT NULL, -- in Asia/Shanghai
  leased_until timestamptz NOT NULL, -- of a failed run: not to be tried again before
  tries int NOT NULL,
  began_at timestamptz NOT NULL, -- the last try
  ended_at timestamptz, -- of a run that was done
  fault text NOT NULL DEFAULT '', -- of the last try that failed
  PRIMARY KEY (kind, target, day)
);

-- The backups this house wrote by itself, which are the only ones it removes. A
-- restored house begins with none: what its forerunner wrote is not its to remove.
CREATE TABLE backup_files (
  path text PRIMARY KEY,
  made_at timestamptz NOT NULL,
  size bigint NOT NULL,
  sha256 text NOT NULL,
  removed_at timestamptz
);
