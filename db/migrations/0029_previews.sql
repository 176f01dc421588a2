-- +goose Up
-- The digest of the small copy of a picture; files laid before have none and are
-- shown by an icon.
ALTER TABLE case_files ADD COLUMN preview text NOT NULL DEFAULT '';
