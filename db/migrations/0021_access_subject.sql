-- +goose Up
-- Whose value was opened and which: the person concerned reads it, and nobody
-- else of the parties. Lines from before say neither.
ALTER TABLE access_log
  ADD COLUMN party_id uuid,
  ADD COLUMN what text NOT NULL DEFAULT '';
