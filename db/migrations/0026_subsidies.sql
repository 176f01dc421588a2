-- +goose Up
-- The pay per case (以案定补): claims, their steps as history, complaints that
-- were upheld, and the batches that go to the treasury.

CREATE TABLE subsidy_batches (
  id uuid PRIMARY KEY,
  area_path text NOT NULL,
  made_by uuid NOT NULL REFERENCES users (id),
  made_at timestamptz NOT NULL,
  paid_by uuid REFERENCES users (id),
  paid_at timestamptz,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX subsidy_batches_paid ON subsidy_batches (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX subsidy_batches_made ON subsidy_batches (made_at DESC, id DESC);

CREATE TABLE subsidy_claims (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  committee_id uuid NOT NULL REFERENCES committees (id),
  area_path text NOT NULL, -- of the committee
  claimant uuid NOT NULL REFERENCES users (id),
  state text NOT NULL CONSTRAINT subsidy_claims_state_known CHECK (state IN
    ('claimed', 'returned', 'checked', 'scored', 'approved', 'paid', 'refused', 'withdrawn', 'reclaimed')),
  grade text NOT NULL,
  score int CONSTRAINT subsidy_claims_score CHECK (score BETWEEN 0 AND 100),
  amount_fen bigint NOT NULL CONSTRAINT subsidy_claims_amount_not_negative CHECK (amount_fen >= 0),
  scored_by uuid REFERENCES users (id),
  batch_id uuid REFERENCES subsidy_batches (id),
  sampled boolean NOT NULL DEFAULT false,
  looked_by uuid REFERENCES users (id), -- of a sampled claim: who looked at it once more
  version int NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL,
  CONSTRAINT subsidy_claims_paid_in_a_batch CHECK (state <> 'paid' OR batch_id IS NOT NULL)
);
-- One case, one payment, whatever the program does. What was asked back was paid.
CREATE UNIQUE INDEX subsidy_claims_one_a_case ON subsidy_claims (case_id)
  WHERE state IN ('claimed', 'returned', 'checked', 'scored', 'approved', 'paid');
CREATE INDEX subsidy_claims_claimant ON subsidy_claims (claimant, updated_at DESC, id DESC);
CREATE INDEX subsidy_claims_committee ON subsidy_claims (committee_id, updated_at DESC, id DESC);
CREATE INDEX subsidy_claims_area ON subsidy_claims (area_path text_pattern_ops, updated_at DESC, id DESC);
CREATE INDEX subsidy_claims_batch ON subsidy_claims (batch_id) WHERE batch_id IS NOT NULL;

CREATE TABLE subsidy_steps (
  id uuid PRIMARY KEY,
  claim_id uuid NOT NULL REFERENCES subsidy_claims (id),
  at timestamptz NOT NULL,
  by_user uuid NOT NULL REFERENCES users (id),
  role text NOT NULL,
  action text NOT NULL,
  from_state text NOT NULL,
  to_state text NOT NULL,
  score int,
  amount_fen bigint NOT NULL,
  reason text NOT NULL DEFAULT ''
);
CREATE INDEX subsidy_steps_claim ON subsidy_steps (claim_id, at, id);
CREATE TRIGGER subsidy_steps_fixed BEFORE UPDATE OR DELETE ON subsidy_steps FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER subsidy_steps_kept BEFORE TRUNCATE ON subsidy_steps FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();

-- A complaint about a mediator in a case that was found right (PML 15).
CREATE TABLE upheld_complaints (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id),
  reason text NOT NULL CONSTRAINT upheld_complaints_reason_not_blank CHECK (reason <> ''),
  by_user uuid NOT NULL REFERENCES users (id),
  at timestamptz NOT NULL
);
CREATE INDEX upheld_complaints_case ON upheld_complaints (case_id, user_id);
CREATE TRIGGER upheld_complaints_fixed BEFORE UPDATE OR DELETE ON upheld_complaints FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER upheld_complaints_kept BEFORE TRUNCATE ON upheld_complaints FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
