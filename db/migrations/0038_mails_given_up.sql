-- +goose Up
-- The administrator is told of mails that were given up; few ever are.
CREATE INDEX outbox_parked ON outbox (parked_at) WHERE parked_at IS NOT NULL;

-- +goose Down
DROP INDEX outbox_parked;
