-- +goose Up
-- The kind of a committee, which the return counts by. Blank is one nobody told the
-- kind of yet: its area says whether it is of a community or of a sub-district.
ALTER TABLE committees ADD COLUMN kind text NOT NULL DEFAULT ''
  CONSTRAINT committees_kind_known CHECK (kind IN ('', 'community', 'subdistrict', 'enterprise', 'traffic', 'medical', 'labour', 'property', 'other'));
