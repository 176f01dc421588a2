-- +goose Up
-- What a bureau pays per case, from a day on. Terms are history: new ones come
-- beside the old, and a claim keeps those of the day it was made.
CREATE TABLE subsidy_terms (
  id uuid PRIMARY KEY,
  area_path text NOT NULL, -- they hold for every committee below it that no nearer area has terms for
  from_day date NOT NULL,
  terms jsonb NOT NULL CONSTRAINT subsidy_terms_object CHECK (jsonb_typeof(terms) = 'object'),
  basis text NOT NULL CONSTRAINT subsidy_terms_basis_not_blank CHECK (basis <> ''),
  by_user uuid NOT NULL REFERENCES users (id),
  at timestamptz NOT NULL
);
CREATE INDEX subsidy_terms_area ON subsidy_terms (area_path, from_day DESC, at DESC);
CREATE TRIGGER subsidy_terms_fixed BEFORE UPDATE OR DELETE ON subsidy_terms FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER subsidy_terms_kept BEFORE TRUNCATE ON subsidy_terms FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();

ALTER TABLE subsidy_claims
  ADD COLUMN claimed_on date,
  ADD COLUMN terms_id uuid REFERENCES subsidy_terms (id), -- none: those the program came with
  ADD COLUMN reckoning jsonb NOT NULL DEFAULT '[]' CONSTRAINT subsidy_claims_reckoning_list CHECK (jsonb_typeof(reckoning) = 'array');
UPDATE subsidy_claims k
SET claimed_on = (coalesce((SELECT min(s.at) FROM subsidy_steps s WHERE s.claim_id = k.id), k.updated_at) AT TIME ZONE 'Asia/Shanghai')::date;
ALTER TABLE subsidy_claims ALTER COLUMN claimed_on SET NOT NULL;
CREATE INDEX subsidy_claims_month ON subsidy_claims (claimant, claimed_on);
