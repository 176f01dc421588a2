-- +goose Up
-- What the judicial office or the sub-district was told of a major dispute (L4), and
-- how it is handled jointly. A report by word of mouth is followed by one on paper.
CREATE TABLE major_reports (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  at timestamptz NOT NULL,
  by_user uuid,
  told_at timestamptz NOT NULL,
  receiver text NOT NULL CONSTRAINT major_reports_receiver CHECK (receiver IN ('judicial_office', 'subdistrict')),
  who text NOT NULL,
  how text NOT NULL CONSTRAINT major_reports_how CHECK (how IN ('system', 'phone', 'in_person', 'paper')),
  measures text NOT NULL,
  ref text NOT NULL,
  seen_at timestamptz,
  seen_by uuid,
  joint text NOT NULL
);
CREATE INDEX major_reports_case ON major_reports (case_id);
CREATE INDEX major_reports_waiting ON major_reports (case_id) WHERE how = 'system' AND seen_at IS NULL;
CREATE INDEX major_reports_seen ON major_reports (seen_at) WHERE how = 'system';

-- Disputes that are major already get no clock: nobody knows since when they are.
CREATE INDEX deadlines_unreported ON deadlines (case_id) WHERE kind = 'D-21' AND ended_at IS NULL;

-- Why the chair took the grade of a major dispute back.
ALTER TABLE cases ADD COLUMN grade_reason text NOT NULL DEFAULT '';
