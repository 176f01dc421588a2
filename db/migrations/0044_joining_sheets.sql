-- +goose Up
-- A joining on paper points to the scan of the sheet that was signed. Those from
-- before, and those without paper, have none.
ALTER TABLE confirmation_joinings ADD COLUMN file_id uuid REFERENCES case_files (id);
