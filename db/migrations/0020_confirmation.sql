-- +goose Up
-- An application for judicial confirmation says by what the court is competent,
-- keeps the file as it went there, and when its term was extended and its ruling
-- received. Applications made before went to a court nobody wrote the ground of.
ALTER TABLE confirmations
  ADD COLUMN ground text NOT NULL DEFAULT '',
  ADD COLUMN home_of uuid REFERENCES case_parties (id),
  ADD COLUMN extended_on date,
  ADD COLUMN served_on date,
  ADD COLUMN pack text NOT NULL DEFAULT '',
  ADD COLUMN pack_digest text NOT NULL DEFAULT '';
