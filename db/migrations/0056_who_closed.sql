-- +goose Up
-- Who closed a case, who put its volume away and who assigned a mediator stand on
-- the papers (F25, F27, F29, F06). Of what was done before, only the history tells.
ALTER TABLE cases ADD COLUMN closed_by uuid;
ALTER TABLE cases ADD COLUMN closed_at timestamptz;
ALTER TABLE cases ADD COLUMN archived_by uuid;
ALTER TABLE cases ADD COLUMN archived_at timestamptz;
ALTER TABLE assignments ADD COLUMN assigned_by uuid;

-- +goose Down
ALTER TABLE assignments DROP COLUMN assigned_by;
ALTER TABLE cases DROP COLUMN archived_at;
ALTER TABLE cases DROP COLUMN archived_by;
ALTER TABLE cases DROP COLUMN closed_at;
ALTER TABLE cases DROP COLUMN closed_by;
