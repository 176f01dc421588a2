-- +goose Up
-- The figures of the returns. A closed month never changes: its figures, what
-- stands behind each of them, and the corrections beside it are history. What
-- runs still is counted anew in tables of its own.

CREATE TABLE figure_months (
  month date PRIMARY KEY CONSTRAINT figure_months_first_day CHECK (extract(day FROM month) = 1),
  closed_at timestamptz NOT NULL
);

-- A unit is a committee's id or the path of an area, which has the sums of all
-- committees below it: reading a district costs no more than reading a street.
CREATE TABLE figure_cells (
  unit text NOT NULL,
  month date NOT NULL,
  cell text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (unit, month, cell)
);

-- The list behind each figure: cases, or for the stocks committees and mediators.
CREATE TABLE figure_entries (
  cell text NOT NULL,
  month date NOT NULL,
  subject_id uuid NOT NULL,
  committee_id uuid NOT NULL,
  area_path text NOT NULL, -- of the committee
  value bigint NOT NULL,
  PRIMARY KEY (cell, month, subject_id)
);
CREATE INDEX figure_entries_committee ON figure_entries (committee_id, cell, month);

CREATE TABLE figure_corrections (
  id uuid PRIMARY KEY,
  month date NOT NULL REFERENCES figure_months (month),
  committee_id uuid NOT NULL REFERENCES committees (id),
  area_path text NOT NULL,
  cell text NOT NULL,
  delta bigint NOT NULL CONSTRAINT figure_corrections_not_nought CHECK (delta <> 0),
  reason text NOT NULL CONSTRAINT figure_corrections_reason_not_blank CHECK (reason <> ''),
  by_user uuid NOT NULL REFERENCES users (id),
  at timestamptz NOT NULL
);
CREATE INDEX figure_corrections_committee ON figure_corrections (committee_id, month);
CREATE INDEX figure_corrections_area ON figure_corrections (area_path text_pattern_ops, month);

CREATE TABLE figure_open_months (
  month date PRIMARY KEY,
  counted_at timestamptz NOT NULL
);
CREATE TABLE figure_open_cells (LIKE figure_cells INCLUDING ALL);
CREATE TABLE figure_open_entries (LIKE figure_entries INCLUDING ALL);

CREATE TRIGGER figure_months_fixed BEFORE UPDATE OR DELETE ON figure_months FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_months_kept BEFORE TRUNCATE ON figure_months FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_cells_fixed BEFORE UPDATE OR DELETE ON figure_cells FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_cells_kept BEFORE TRUNCATE ON figure_cells FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_entries_fixed BEFORE UPDATE OR DELETE ON figure_entries FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_entries_kept BEFORE TRUNCATE ON figure_entries FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_corrections_fixed BEFORE UPDATE OR DELETE ON figure_corrections FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_corrections_kept BEFORE TRUNCATE ON figure_corrections FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();

-- Nothing is added to a month that is closed: its figures come first and the
-- line that closes it last.
-- +goose StatementBegin
CREATE FUNCTION figures_are_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows n JOIN figure_months m ON m.month = n.month) THEN
    RAISE EXCEPTION 'the month is closed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER figure_cells_closed AFTER INSERT ON figure_cells REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION figures_are_closed();
CREATE TRIGGER figure_entries_closed AFTER INSERT ON figure_entries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION figures_are_closed();
