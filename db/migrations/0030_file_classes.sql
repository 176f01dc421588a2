-- +goose Up
-- What a file is, whom it concerns, what it shows and, of a signed paper, which
-- form it is the scan of. What was laid before is evidence.
ALTER TABLE case_files
  ADD COLUMN class text NOT NULL DEFAULT 'evidence',
  ADD COLUMN title text NOT NULL DEFAULT '',
  ADD COLUMN form text NOT NULL DEFAULT '',
  ADD COLUMN about_party uuid;
