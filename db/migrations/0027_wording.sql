-- +goose Up
-- The standing sentences of the papers that a committee puts in its own words,
-- by key. They are no history: a paper that was given out is kept as it was.
ALTER TABLE committees ADD COLUMN wording jsonb NOT NULL DEFAULT '{}'
  CONSTRAINT committees_wording_object CHECK (jsonb_typeof(wording) = 'object');
