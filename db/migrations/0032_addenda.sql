-- +goose Up
-- A fact that came after the case was closed; the volume stays as it was bound.
CREATE TABLE addenda (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  seq int NOT NULL CONSTRAINT addenda_seq_from_one CHECK (seq > 0),
  on_day date NOT NULL,
  told_by text NOT NULL,
  text text NOT NULL CONSTRAINT addenda_text_not_blank CHECK (text <> ''),
  file_id uuid REFERENCES case_files (id),
  by_user uuid,
  at timestamptz NOT NULL,
  CONSTRAINT addenda_seq_once UNIQUE (case_id, seq)
);
