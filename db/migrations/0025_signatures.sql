-- +goose Up
-- A signature stands under the digest of one text. '' is from before there were
-- digests; such a draft takes its own with the next act.
ALTER TABLE agreements ADD COLUMN digest text NOT NULL DEFAULT ''
  CONSTRAINT agreements_digest_shape CHECK (digest ~ '^([0-9a-f]{64})?$');
ALTER TABLE signatures ADD COLUMN digest text NOT NULL DEFAULT ''
  CONSTRAINT signatures_digest_shape CHECK (digest ~ '^([0-9a-f]{64})?$');
