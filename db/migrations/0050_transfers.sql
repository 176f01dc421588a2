-- +goose Up
-- How a matter was handed on before it was accepted: once at most, since the case
-- ends with it. The case that opens at another committee points back by linked_to.
CREATE TABLE transfers (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id) CONSTRAINT transfers_once UNIQUE,
  area_root text NOT NULL,
  committee_id uuid REFERENCES committees (id),
  receiver text NOT NULL CONSTRAINT transfers_receiver_not_blank CHECK (receiver <> ''),
  reason text NOT NULL,
  agreed_by text NOT NULL,
  agreed_on date NOT NULL,
  agreed_how text NOT NULL,
  legal_ground text NOT NULL CONSTRAINT transfers_ground_known CHECK (legal_ground IN ('consent', 'statutory_duty')),
  by_user uuid,
  at timestamptz NOT NULL
);
CREATE UNIQUE INDEX cases_handed_on_once ON cases (linked_to) WHERE source = 'committee' AND linked_to IS NOT NULL;

-- An applicant of a case that follows another is the same person as there: the
-- code handed out at the filing leads on to it.
ALTER TABLE case_parties ADD COLUMN follows_party uuid REFERENCES case_parties (id);
CREATE UNIQUE INDEX case_parties_follows ON case_parties (case_id, follows_party) WHERE follows_party IS NOT NULL;
CREATE INDEX case_parties_followed ON case_parties (follows_party) WHERE follows_party IS NOT NULL;
