-- +goose Up
-- A month is counted over all committees.
CREATE INDEX committee_screenings_month ON committee_screenings (month, committee_id, seq DESC);

-- +goose Down
DROP INDEX committee_screenings_month;
