-- +goose Up
-- A joint application is joined by each party on its own, and has no day of filing
-- before all have. Where the court serves a party is sealed; what a party needs to
-- be served by is sealed with the application when it is filed.
ALTER TABLE confirmations
  ALTER COLUMN filed_on DROP NOT NULL,
  ADD COLUMN by_party uuid REFERENCES case_parties (id),
  ADD COLUMN service_sealed bytea,
  ADD CONSTRAINT confirmations_filed_has_day CHECK ((filed_on IS NULL) = (state IN ('proposed', 'declined', 'dropped', 'late')));

CREATE TABLE confirmation_joinings (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  confirmation_id uuid NOT NULL REFERENCES confirmations (id),
  party_id uuid NOT NULL REFERENCES case_parties (id),
  state text NOT NULL CONSTRAINT confirmation_joinings_state_known CHECK (state IN ('asked', 'joined', 'left', 'declined')),
  how text NOT NULL,
  on_day date,
  by_agent boolean NOT NULL,
  agreement_digest text NOT NULL,
  scope_told boolean NOT NULL,
  serve_mask text NOT NULL,
  serve_sealed bytea,
  serve_online boolean NOT NULL,
  online_mask text NOT NULL,
  online_sealed bytea,
  by_user uuid,
  at timestamptz,
  CONSTRAINT confirmation_joinings_once UNIQUE (confirmation_id, party_id)
);
CREATE INDEX confirmation_joinings_case ON confirmation_joinings (case_id);

-- Applications made before were joined by everybody on one paper.
INSERT INTO confirmation_joinings (id, case_id, area_root, confirmation_id, party_id, state, how, on_day, by_agent, agreement_digest, scope_told,
  serve_mask, serve_online, online_mask, at)
SELECT gen_random_uuid(), k.case_id, k.area_root, k.id, p.id, 'joined', 'paper', k.filed_on, FALSE, '', FALSE, '', FALSE, '', k.at
FROM confirmations k
JOIN case_parties p ON p.case_id = k.case_id AND (p.left_at IS NULL OR p.left_at > k.at);

-- How often the parties were told that a clock runs out.
ALTER TABLE deadlines ADD COLUMN warned int NOT NULL DEFAULT 0;
