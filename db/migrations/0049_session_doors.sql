-- +goose Up
-- Who besides the parties may be at a session: as it was planned, and as it was
-- opened. Sessions of before say nothing. A party may ask that all be closed.
ALTER TABLE mediation_sessions
  ADD COLUMN doors text NOT NULL DEFAULT '' CONSTRAINT sessions_doors_known CHECK (doors IN ('', 'closed', 'open')),
  ADD COLUMN opened_doors text NOT NULL DEFAULT '' CONSTRAINT sessions_opened_doors_known CHECK (opened_doors IN ('', 'closed', 'open'));
ALTER TABLE case_parties ADD COLUMN closed_asked_at timestamptz;
