-- +goose Up
-- Notes of danger and bank accounts are kept sealed like phones and ID numbers.
-- Notes from before are sealed by the next start of the server, which has the
-- keys; then facts and measures are empty.
ALTER TABLE risks
  ALTER COLUMN facts SET DEFAULT '',
  ALTER COLUMN measures SET DEFAULT '',
  ADD COLUMN facts_sealed bytea,
  ADD COLUMN measures_sealed bytea;

ALTER TABLE persons ADD COLUMN account_sealed bytea;
ALTER TABLE case_parties ADD COLUMN account_mask text NOT NULL DEFAULT '';
