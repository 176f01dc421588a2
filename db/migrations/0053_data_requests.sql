-- +goose Up
-- What parties ask of their own personal data, and what they were answered
-- (PIPL 44 to 50).
CREATE TABLE data_requests (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  party_id uuid NOT NULL REFERENCES case_parties (id),
  data_right text NOT NULL,
  body text NOT NULL,
  means text NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL,
  outcome text NOT NULL,
  ground text NOT NULL,
  answer text NOT NULL,
  answered_by uuid,
  answered_at timestamptz,
  CONSTRAINT data_requests_answered CHECK ((outcome = '') = (answered_at IS NULL)),
  CONSTRAINT data_requests_reasoned CHECK (outcome IN ('', 'granted') OR ground <> '')
);
CREATE INDEX data_requests_case ON data_requests (case_id);

-- Which version of the notice on personal data a party took note of (PIPL 17; 0 from
-- before versions were kept), and since when it consented to the handling of
-- sensitive data in particular (PIPL 29, 31).
ALTER TABLE case_parties
  ADD COLUMN privacy_version int NOT NULL DEFAULT 0,
  ADD COLUMN sensitive_at timestamptz;
