-- +goose Up
-- What a committee did to find quarrels before they broke out (纠纷排查), by month:
-- how often it went round, what it found and what it settled on the way. The last
-- line of a month holds, the earlier ones are its history.
CREATE TABLE committee_screenings (
  committee_id uuid NOT NULL REFERENCES committees (id),
  month date NOT NULL CONSTRAINT committee_screenings_first_day CHECK (extract(day FROM month) = 1),
  seq int NOT NULL CONSTRAINT committee_screenings_seq CHECK (seq > 0),
  times int NOT NULL CONSTRAINT committee_screenings_times CHECK (times > 0),
  found int NOT NULL CONSTRAINT committee_screenings_found CHECK (found >= 0),
  prevented int NOT NULL CONSTRAINT committee_screenings_prevented CHECK (prevented >= 0),
  note text NOT NULL CONSTRAINT committee_screenings_note_not_blank CHECK (note <> ''),
  role text NOT NULL,
  by_user uuid NOT NULL REFERENCES users (id),
  at timestamptz NOT NULL,
  PRIMARY KEY (committee_id, month, seq)
);
CREATE TRIGGER committee_screenings_fixed BEFORE UPDATE OR DELETE ON committee_screenings FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER committee_screenings_kept BEFORE TRUNCATE ON committee_screenings FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
