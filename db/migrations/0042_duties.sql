-- +goose Up
-- What the docket does by itself when a clock has run out, apart from all that
-- people are late with.
CREATE INDEX deadlines_duty ON deadlines (due_at, id)
  WHERE ended_at IS NULL AND paused_at IS NULL AND kind IN ('D-03', 'D-06', 'D-12', 'D-13', 'D-15c', 'D-15d');

-- +goose Down
DROP INDEX deadlines_duty;
