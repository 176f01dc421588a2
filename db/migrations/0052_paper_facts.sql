-- +goose Up
-- What the forms ask for by name and nobody could record: a line on paper is no
-- fact of the case. What was recorded before says nothing of them.

-- F22: whom a danger was reported to (codes of the list of receivers) and by whom;
-- reported_at is when it was received there, as reported.
ALTER TABLE risks
  ADD COLUMN told text[] NOT NULL DEFAULT '{}',
  ADD COLUMN reported_by uuid;

-- F10: that the mediator was made known and accepted, and the risks were told.
ALTER TABLE mediation_sessions
  ADD COLUMN introduced boolean NOT NULL DEFAULT FALSE,
  ADD COLUMN risk_told boolean NOT NULL DEFAULT FALSE;

-- F09: who else was there.
ALTER TABLE investigations ADD COLUMN present text NOT NULL DEFAULT '';

-- F15: what came of the suit, and whether the mediation was wrong.
ALTER TABLE follow_ups
  ADD COLUMN suit_result text NOT NULL DEFAULT '',
  ADD COLUMN wrong text NOT NULL DEFAULT '' CONSTRAINT follow_ups_wrong_known CHECK (wrong IN ('', 'no', 'yes')),
  ADD COLUMN wrong_note text NOT NULL DEFAULT '';

-- F10: a relative, a neighbour, an expert from outside takes part without an account.
ALTER TABLE helpers ALTER COLUMN user_id DROP NOT NULL;

-- F19: how long a power of attorney runs.
ALTER TABLE case_parties
  ADD COLUMN agent_from date,
  ADD COLUMN agent_until date;

-- F02: who registered the matter.
ALTER TABLE cases ADD COLUMN registered_by uuid;
