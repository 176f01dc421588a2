-- +goose Up
-- What the official block of a party asks for. The birth date is sealed like the
-- ID number, since with the last four of that it nearly gives it away; its mask is
-- the year.
ALTER TABLE persons ADD COLUMN birth_sealed bytea;
ALTER TABLE case_parties
  ADD COLUMN sex text NOT NULL DEFAULT '' CONSTRAINT case_parties_sex_known CHECK (sex IN ('', 'male', 'female')),
  ADD COLUMN ethnic text NOT NULL DEFAULT '',
  ADD COLUMN occupation text NOT NULL DEFAULT '',
  ADD COLUMN birth_mask text NOT NULL DEFAULT '',
  ADD COLUMN legal_post text NOT NULL DEFAULT '';
