-- +goose Up
-- Papers as they were issued: numbered, with the digest of a content that is kept
-- sealed and never changes. A correction is a new issue.
CREATE TABLE paper_issues (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  form text NOT NULL CONSTRAINT paper_issues_form_known CHECK (form ~ '^F[0-9]{2}$'),
  item text NOT NULL DEFAULT '', -- the session, visit, review or party it is about
  seq int NOT NULL CONSTRAINT paper_issues_seq_positive CHECK (seq > 0),
  at timestamptz NOT NULL,
  by_user uuid NOT NULL REFERENCES users (id),
  digest text NOT NULL CONSTRAINT paper_issues_digest_whole CHECK (digest ~ '^[0-9a-f]{64}$'),
  replaces uuid REFERENCES paper_issues (id),
  reason text NOT NULL DEFAULT '',
  needs jsonb NOT NULL DEFAULT '[]',
  parties jsonb NOT NULL DEFAULT '[]',
  CONSTRAINT paper_issues_seq_once UNIQUE (case_id, form, item, seq),
  CONSTRAINT paper_issues_replaced_once UNIQUE (replaces),
  CONSTRAINT paper_issues_correction_has_its_reason CHECK ((seq = 1) = (replaces IS NULL) AND (seq = 1 OR reason <> ''))
);
CREATE TRIGGER paper_issues_fixed BEFORE UPDATE OR DELETE ON paper_issues FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER paper_issues_kept BEFORE TRUNCATE ON paper_issues FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();

CREATE TABLE paper_contents (
  issue_id uuid PRIMARY KEY REFERENCES paper_issues (id),
  content_sealed bytea NOT NULL
);
-- A new field key seals the same content anew; nothing else may touch it, and the
-- digest shows whether it did.
CREATE TRIGGER paper_contents_fixed BEFORE DELETE OR UPDATE OF issue_id ON paper_contents FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER paper_contents_kept BEFORE TRUNCATE ON paper_contents FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();

-- The check of all issues asks for their lines in the history.
CREATE INDEX events_issues ON events (subject_id) WHERE action = 'issue_paper';
