-- +goose Up
-- Whom an account is at the office's provider of sign-ins. An administrator links
-- it, by the subject or by a mail address; by the mail address it is matched once,
-- and from then on by the subject, since an address may go to somebody else.
CREATE TABLE staff_identities (
  user_id uuid PRIMARY KEY REFERENCES users (id),
  issuer text NOT NULL,
  subject text, -- NULL: waits for the first sign-in with the mail address
  email_sealed bytea,
  email_index bytea,
  email_mask text NOT NULL DEFAULT '',
  linked_at timestamptz NOT NULL,
  bound_at timestamptz, -- its first sign-in; NULL: none yet
  CONSTRAINT staff_identities_subject_once UNIQUE (issuer, subject),
  CONSTRAINT staff_identities_email_once UNIQUE (issuer, email_index),
  CONSTRAINT staff_identities_known CHECK (num_nonnulls(subject, email_index) > 0),
  CONSTRAINT staff_identities_email CHECK ((email_sealed IS NULL) = (email_index IS NULL)),
  CONSTRAINT staff_identities_bound CHECK (bound_at IS NULL OR subject IS NOT NULL)
);

-- How this sign-in began, and whether the provider vouched for a second factor.
ALTER TABLE sign_ins
  ADD COLUMN way text NOT NULL DEFAULT 'password' CONSTRAINT sign_ins_way_known CHECK (way IN ('password', 'provider')),
  ADD COLUMN vouched boolean NOT NULL DEFAULT false;

ALTER TABLE account_notices
  DROP CONSTRAINT account_notices_kind_known,
  ADD CONSTRAINT account_notices_kind_known
    CHECK (kind IN ('new_device', 'link_made', 'factor_off', 'sessions_ended', 'identity_linked', 'identity_ended'));
