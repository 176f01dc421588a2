-- +goose Up
-- What the return asks of a mediator and nothing else does: both may be left out,
-- and are counted as sums alone.
ALTER TABLE mediators
  ADD COLUMN sex text NOT NULL DEFAULT '' CONSTRAINT mediators_sex_known CHECK (sex IN ('', '1', '2', '9')),
  ADD COLUMN schooling text NOT NULL DEFAULT ''
    CONSTRAINT mediators_schooling_known CHECK (schooling IN ('', '10', '20', '30', '40', '60', '70', '80', '90'));
