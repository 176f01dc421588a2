-- +goose Up
-- What the forms ask for by name and nobody could record: a line on paper is no
-- fact of the case. What was recorded before says nothing of them.

-- F22: whom a danger was reported to (codes of the list of receivers) and by whom;
-- reported_at is when it was received there, as reported.
ALTER TABLE risks
  ADD COLUMN told text[] NOT NULL DEFAULT '{}',
  ADD COLUMN reported_by uuid;

-- F09: who else was there.
ALTER TABLE investigations ADD COLUMN present text NOT NULL DEFAULT '';

-- F15: what came of the suit, and whether the mediation was wrong.
ALTER TABLE follow_ups
  ADD COLUMN suit_result text NOT NULL DEFAULT '',
  ADD COLUMN wrong text NOT NULL DEFAULT '' CONSTRAINT follow_ups_wrong_known CHECK (wrong IN ('', 'no', 'yes')),
  ADD COLUMN wrong_note text NOT NULL DEFAULT '';

-- F10: a relative, a neighbour, an expert from outside takes part without an account.
-- Of whom the office's list names, the name was not kept.
ALTER TABLE helpers ALTER COLUMN user_id DROP NOT NULL;
UPDATE helpers h
SET name = u.name
FROM users u
WHERE u.id = h.user_id AND h.name = '';

-- F19: how long a power of attorney runs.
ALTER TABLE case_parties
  ADD COLUMN agent_from date,
  ADD COLUMN agent_until date;

-- F11: that an agent signed, who needs the power to settle for it.
ALTER TABLE signatures ADD COLUMN by_agent boolean NOT NULL DEFAULT FALSE;

-- F02: who registered the matter.
ALTER TABLE cases ADD COLUMN registered_by uuid;
