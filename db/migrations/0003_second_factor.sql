-- +goose Up
-- The second factor of an account: a sealed secret and the last time step that
-- was used. A new secret waits beside the old one until its first code was
-- typed, so that whoever changes his telephone is never without one.
CREATE TABLE second_factors (
  user_id uuid PRIMARY KEY REFERENCES users (id),
  secret_sealed bytea,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0,
  pending_sealed bytea,
  pending_at timestamptz,
  CONSTRAINT second_factors_confirmed CHECK ((secret_sealed IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT second_factors_pending CHECK ((pending_sealed IS NULL) = (pending_at IS NULL))
);

-- Keyed digests of the codes that stand in when the telephone is lost.
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users (id),
  code_digest bytea NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, code_digest)
);

-- When this sign-in showed the second factor; NULL: not yet, or none was asked.
ALTER TABLE sign_ins ADD COLUMN factor_at timestamptz;
