-- +goose Up
-- Lists that must not slow down as the register grows: numbers found by their
-- beginning, unread notices, cases whose period lapsed, and the search over
-- titles, places and names.

CREATE INDEX cases_number_prefix ON cases (number text_pattern_ops) WHERE number <> '';
CREATE INDEX cases_intake_prefix ON cases (intake_number text_pattern_ops);
CREATE INDEX cases_lapsed ON cases (committee_id, updated_at DESC, id DESC) WHERE lapsed AND stage NOT IN ('closed', 'archived');
CREATE INDEX notices_user_unread ON notices (user_id) WHERE user_id IS NOT NULL AND read_at IS NULL;
CREATE INDEX notices_party_unread ON notices (party_id) WHERE party_id IS NOT NULL AND read_at IS NULL;

-- What people see as one text is one text: full width and half, large and small.
CREATE FUNCTION search_text(raw text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(normalize(raw, NFKC));

-- Chinese has no spaces between words, so each character and each pair of
-- neighbours is a term. A pair is one number of both code points: no two pairs
-- share one, and none is that of a single character. With whole = false it gives
-- what a search must ask for: pairs, and single characters only where a word is
-- no longer.
CREATE FUNCTION search_grams(plain text, whole boolean) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (
    SELECT coalesce(array_agg(DISTINCT g.gram), '{}')
    FROM regexp_split_to_table(plain, '[[:space:][:punct:]]+') AS w (word),
      generate_series(1, char_length(w.word)) AS i,
      LATERAL (VALUES
        (CASE WHEN whole OR char_length(w.word) = 1 THEN ascii(substr(w.word, i, 1))::bigint END),
        (CASE WHEN i < char_length(w.word) THEN ascii(substr(w.word, i, 1))::bigint * 2097152 + ascii(substr(w.word, i + 1, 1)) END)
      ) AS g (gram)
    WHERE g.gram IS NOT NULL);

-- One document a case, beside the case: a row that changes at every act would
-- carry its terms into the index again each time. A minor's name is not in it.
CREATE TABLE search_docs (
  case_id uuid PRIMARY KEY REFERENCES cases (id),
  area_root text NOT NULL,
  body text NOT NULL,
  grams bigint[] NOT NULL
);
-- Without the list of pending entries: every search would have to read it.
CREATE INDEX search_docs_grams ON search_docs USING gin (grams) WITH (fastupdate = off);

CREATE FUNCTION search_refresh(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_docs (case_id, area_root, body, grams)
  SELECT d.id, d.area_root, d.body, search_grams(d.body, true)
  FROM (
    SELECT c.id, c.area_root, search_text(concat_ws(E'\n', c.title, c.place, c.respondent_hint, (
      SELECT string_agg(p.name, E'\n' ORDER BY p.seq)
      FROM case_parties p
      WHERE p.case_id = c.id AND p.left_at IS NULL AND p.capacity <> 'minor'))) AS body
    FROM cases c
    WHERE c.id = ANY (ids)) d
  ON CONFLICT (case_id) DO UPDATE SET body = excluded.body, grams = excluded.grams WHERE search_docs.body <> excluded.body
$$;

-- +goose StatementBegin
CREATE FUNCTION search_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM search_refresh(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION search_of_parties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM search_refresh((SELECT array_agg(DISTINCT n.case_id) FROM new_rows n));
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- A case is filed with its first party, whose row brings the document: one
-- writing and not two.
CREATE TRIGGER search_of_case AFTER UPDATE ON cases FOR EACH ROW
  WHEN ((OLD.title, OLD.place, OLD.respondent_hint) IS DISTINCT FROM (NEW.title, NEW.place, NEW.respondent_hint))
  EXECUTE FUNCTION search_of_case();
CREATE TRIGGER search_of_new_parties AFTER INSERT ON case_parties REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_of_parties();
CREATE TRIGGER search_of_parties AFTER UPDATE ON case_parties REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION search_of_parties();

SELECT search_refresh((SELECT array_agg(id) FROM cases));
