-- +goose Up
-- What people of the office declare of themselves, to be held against the
-- parties of a case (INV16 15; ONL22 13): where they live, their relatives, who
-- employs them, what office they hold. The words are sealed; what is compared
-- are blind indexes.
CREATE TABLE declared_ties (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  kind text NOT NULL CONSTRAINT declared_ties_kind_known CHECK (kind IN ('home', 'relative', 'employer', 'office')),
  what text NOT NULL, -- which kinship, which office; '' for the others
  body_sealed bytea NOT NULL,
  mask text NOT NULL,
  name_index bytea,
  phone_index bytea,
  id_index bytea,
  code_index bytea,
  door_index bytea,
  loose_door_index bytea,
  landing_index bytea,
  loose_landing_index bytea,
  home_parts int NOT NULL DEFAULT 0,
  declared_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX declared_ties_user ON declared_ties (user_id) WHERE ended_at IS NULL;

-- The door and the landing of a party's home, as blind indexes beside the sealed
-- address. An address stored before has none until it is typed again.
ALTER TABLE persons
  ADD COLUMN door_index bytea,
  ADD COLUMN loose_door_index bytea,
  ADD COLUMN landing_index bytea,
  ADD COLUMN loose_landing_index bytea,
  ADD COLUMN home_parts int NOT NULL DEFAULT 0;

CREATE INDEX case_parties_person ON case_parties (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX case_parties_credit_code ON case_parties (credit_code) WHERE credit_code <> '';

-- What the check found when a mediator was assigned, and what came of it: ''
-- from before there was a check.
ALTER TABLE assignments
  ADD COLUMN verdict text NOT NULL DEFAULT ''
    CONSTRAINT assignments_verdict_known CHECK (verdict IN ('', 'clear', 'warn', 'block', 'waived')),
  ADD COLUMN findings jsonb NOT NULL DEFAULT '[]';

ALTER TABLE conflicts
  ADD COLUMN fact text NOT NULL DEFAULT '',
  ADD COLUMN party_id uuid,
  ADD COLUMN waived_by text[] NOT NULL DEFAULT '{}';

ALTER TABLE recusals
  ADD COLUMN waived_by text[] NOT NULL DEFAULT '{}';
