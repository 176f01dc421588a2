-- +goose Up
-- When a volume is put away, the papers in it that were never issued are kept as
-- they stand then, so that an archived volume says the same for as long as it is
-- kept (PML 27; ARCH 37). Volumes put away before are drawn anew.
ALTER TABLE paper_issues ADD COLUMN filed boolean NOT NULL DEFAULT false;
ALTER TABLE paper_issues ADD CONSTRAINT paper_issues_filed_once CHECK (NOT filed OR seq = 1);
CREATE INDEX paper_issues_filed ON paper_issues (case_id, id) WHERE filed;

-- +goose Down
DROP INDEX paper_issues_filed;
ALTER TABLE paper_issues DROP CONSTRAINT paper_issues_filed_once;
ALTER TABLE paper_issues DROP COLUMN filed;
