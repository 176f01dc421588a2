-- +goose Up
-- A promise may be kept in part, be disputed, be put off by agreement, and come
-- again until the end of its series; the office reminds of it by itself.
ALTER TABLE obligations
  DROP CONSTRAINT obligations_state_known,
  ADD CONSTRAINT obligations_state_known
    CHECK (state IN ('pending', 'partly', 'performed', 'overdue', 'disputed', 'defaulted', 'waived', 'void')),
  ADD COLUMN paid_fen bigint NOT NULL DEFAULT 0 CONSTRAINT obligations_paid_not_negative CHECK (paid_fen >= 0),
  ADD COLUMN dispute text NOT NULL DEFAULT '',
  ADD COLUMN disputed_by uuid,
  ADD COLUMN first_due date,
  ADD COLUMN reminded_on date,
  ADD COLUMN reminded_late int NOT NULL DEFAULT 0,
  ADD COLUMN every text NOT NULL DEFAULT '',
  ADD COLUMN series_no int NOT NULL DEFAULT 0,
  ADD COLUMN series_of int NOT NULL DEFAULT 0;

DROP INDEX obligations_due;
CREATE INDEX obligations_due ON obligations (due_day) WHERE state IN ('pending', 'partly');
CREATE INDEX obligations_late ON obligations (due_day) WHERE state = 'overdue' AND reminded_late < 3;
