-- +goose Up
-- Browsers a user has come in with, by the digest of a mark they carry. The mark
-- opens nothing: it only tells a known device from a new one.
CREATE TABLE known_devices (
  user_id uuid NOT NULL REFERENCES users (id),
  mark_digest bytea NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, mark_digest)
);
CREATE INDEX known_devices_seen ON known_devices (seen_at);

-- What happened to an account, for its owner.
CREATE TABLE account_notices (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  kind text NOT NULL CONSTRAINT account_notices_kind_known CHECK (kind IN ('new_device', 'link_made', 'factor_off', 'sessions_ended')),
  at timestamptz NOT NULL,
  device text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  seen_at timestamptz
);
CREATE INDEX account_notices_user ON account_notices (user_id, at DESC);
