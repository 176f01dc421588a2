-- +goose Up
-- Notices have numbers of their own beside that of the case: 榆园人调受〔2026〕1号.
-- What was issued before has none; a correction of it draws the next.
ALTER TABLE paper_issues ADD COLUMN number text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE paper_issues DROP COLUMN number;
