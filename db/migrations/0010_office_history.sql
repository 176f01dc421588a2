-- +goose Up
-- The history of the office is kept like that of the cases: where one role owns
-- and serves, only a trigger stands between it and the past.
CREATE TRIGGER office_events_fixed BEFORE UPDATE OR DELETE ON office_events FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER office_events_kept BEFORE TRUNCATE ON office_events FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
