-- +goose Up
-- Who stands for a closed month: the chair submits it, the judicial office
-- approves it or sends it back. The last line says where a month stands; the
-- figures themselves are not touched.
CREATE TABLE figure_reports (
  committee_id uuid NOT NULL REFERENCES committees (id),
  month date NOT NULL REFERENCES figure_months (month),
  seq int NOT NULL,
  area_path text NOT NULL, -- of the committee
  step text NOT NULL CONSTRAINT figure_reports_step_known CHECK (step IN ('submit', 'approve', 'send_back', 'correct')),
  state text NOT NULL CONSTRAINT figure_reports_state_known CHECK (state IN ('', 'submitted', 'returned', 'approved', 'corrected')),
  reason text NOT NULL DEFAULT '' CONSTRAINT figure_reports_sent_back_why CHECK (step <> 'send_back' OR reason <> ''),
  explained jsonb NOT NULL DEFAULT '{}' CONSTRAINT figure_reports_explained_object CHECK (jsonb_typeof(explained) = 'object'),
  role text NOT NULL,
  by_user uuid NOT NULL REFERENCES users (id),
  at timestamptz NOT NULL,
  PRIMARY KEY (committee_id, month, seq)
);
CREATE TRIGGER figure_reports_fixed BEFORE UPDATE OR DELETE ON figure_reports FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER figure_reports_kept BEFORE TRUNCATE ON figure_reports FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
