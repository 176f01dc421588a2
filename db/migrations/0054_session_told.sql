-- +goose Up
-- What is told at the beginning of a session stands in its record (REC): who the
-- mediator is, and what untrue words and a broken agreement may bring. Of records
-- made before nobody knows; their paper is ticked by hand.
ALTER TABLE mediation_sessions ADD COLUMN introduced boolean NOT NULL DEFAULT false;
ALTER TABLE mediation_sessions ADD COLUMN risks_told boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE mediation_sessions DROP COLUMN introduced;
ALTER TABLE mediation_sessions DROP COLUMN risks_told;
