-- +goose Up
-- A mail address is used only after its owner has followed a link sent there.
ALTER TABLE users
  ADD COLUMN email_sealed bytea,
  ADD COLUMN email_mask text NOT NULL DEFAULT '',
  ADD COLUMN email_confirmed_at timestamptz;

ALTER TABLE one_time_links
  DROP CONSTRAINT one_time_links_purpose_known,
  ADD CONSTRAINT one_time_links_purpose_known CHECK (purpose IN ('first_admin', 'password', 'email'));

-- Mails to be sent, written in the transaction of what they tell about. They hold
-- no address and no text: both are found when a mail is sent. What is asked for
-- by somebody nobody knows yet (a password link) names him as he typed it, sealed.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  key text NOT NULL, -- of two mails about one thing only one waits
  user_id uuid REFERENCES users (id),
  asked_sealed bytea,
  kind text NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  leased_until timestamptz,
  tries int NOT NULL DEFAULT 0,
  fault text NOT NULL DEFAULT '',
  sent_at timestamptz,
  parked_at timestamptz,
  CONSTRAINT outbox_one_reader CHECK (num_nonnulls(user_id, asked_sealed) <= 1)
);
CREATE UNIQUE INDEX outbox_once ON outbox (key) WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_told ON outbox (user_id, sent_at) WHERE sent_at IS NOT NULL;
