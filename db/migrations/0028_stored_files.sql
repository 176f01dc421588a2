-- +goose Up
-- What a committee's cases keep in files, counted where it changes: a sum over
-- the files would grow with the years. The act that lays a file locks the row
-- first, so two at once cannot both fit into the last of the room.
CREATE TABLE committee_files (
  committee_id uuid PRIMARY KEY REFERENCES committees (id),
  files bigint NOT NULL,
  bytes bigint NOT NULL,
  CONSTRAINT committee_files_counted CHECK (files >= 0 AND bytes >= 0)
);

-- +goose StatementBegin
CREATE FUNCTION count_new_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO committee_files AS k (committee_id, files, bytes)
  SELECT c.committee_id, count(*), sum(n.size)
  FROM new_rows n
  JOIN cases c ON c.id = n.case_id
  GROUP BY c.committee_id
  ORDER BY c.committee_id
  ON CONFLICT (committee_id) DO UPDATE SET files = k.files + excluded.files, bytes = k.bytes + excluded.bytes;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION count_gone_files() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE committee_files k SET files = k.files - g.files, bytes = k.bytes - g.bytes
  FROM (
    SELECT c.committee_id, count(*) AS files, sum(o.size) AS bytes
    FROM old_rows o
    JOIN cases c ON c.id = o.case_id
    GROUP BY c.committee_id) g
  WHERE k.committee_id = g.committee_id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
-- A case that goes to another committee takes its files along.
-- +goose StatementBegin
CREATE FUNCTION move_counted_files() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved_files bigint;
  moved_bytes bigint;
BEGIN
  SELECT count(*), coalesce(sum(f.size), 0) INTO moved_files, moved_bytes FROM case_files f WHERE f.case_id = NEW.id;
  IF moved_files > 0 THEN
    UPDATE committee_files SET files = files - moved_files, bytes = bytes - moved_bytes WHERE committee_id = OLD.committee_id;
    INSERT INTO committee_files AS k (committee_id, files, bytes) VALUES (NEW.committee_id, moved_files, moved_bytes)
    ON CONFLICT (committee_id) DO UPDATE SET files = k.files + excluded.files, bytes = k.bytes + excluded.bytes;
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER count_new_files AFTER INSERT ON case_files REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_new_files();
CREATE TRIGGER count_gone_files AFTER DELETE ON case_files REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_gone_files();
CREATE TRIGGER move_counted_files AFTER UPDATE OF committee_id ON cases FOR EACH ROW
  WHEN (OLD.committee_id IS DISTINCT FROM NEW.committee_id) EXECUTE FUNCTION move_counted_files();

INSERT INTO committee_files (committee_id, files, bytes)
SELECT c.committee_id, count(*), sum(f.size)
FROM case_files f
JOIN cases c ON c.id = f.case_id
GROUP BY c.committee_id;
