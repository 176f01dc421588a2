-- +goose Up
-- The money a committee has for a year (PML 6): what is guaranteed and what of it
-- was paid. The last line of a year holds, the earlier ones are its history.
CREATE TABLE committee_funds (
  committee_id uuid NOT NULL REFERENCES committees (id),
  year int NOT NULL CONSTRAINT committee_funds_year CHECK (year BETWEEN 2000 AND 2100),
  seq int NOT NULL CONSTRAINT committee_funds_seq CHECK (seq > 0),
  guaranteed_fen bigint NOT NULL CONSTRAINT committee_funds_guaranteed CHECK (guaranteed_fen >= 0),
  paid_fen bigint NOT NULL CONSTRAINT committee_funds_paid CHECK (paid_fen >= 0),
  basis text NOT NULL CONSTRAINT committee_funds_basis_not_blank CHECK (basis <> ''),
  role text NOT NULL,
  by_user uuid NOT NULL REFERENCES users (id),
  at timestamptz NOT NULL,
  PRIMARY KEY (committee_id, year, seq)
);
CREATE TRIGGER committee_funds_fixed BEFORE UPDATE OR DELETE ON committee_funds FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER committee_funds_kept BEFORE TRUNCATE ON committee_funds FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
