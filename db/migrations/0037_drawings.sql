-- +goose Up
-- What shows that somebody signed: the picture of a drawn signature, by the digest
-- of its bytes, or the scan of the signed sheet among the files of the case.
ALTER TABLE signatures
  ADD COLUMN image_digest text NOT NULL DEFAULT ''
    CONSTRAINT signatures_image_shape CHECK (image_digest ~ '^([0-9a-f]{64})?$'),
  ADD COLUMN file_id uuid REFERENCES case_files (id);

-- The pictures, apart from the rows that are read with every case. Each is sealed
-- for its signature and for the text that was signed, and is kept when a change
-- voids the signature.
CREATE TABLE signature_images (
  signature_id uuid PRIMARY KEY REFERENCES signatures (id),
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  text_digest text NOT NULL CONSTRAINT signature_images_text_shape CHECK (text_digest ~ '^[0-9a-f]{64}$'),
  picture_sealed bytea NOT NULL CONSTRAINT signature_images_small CHECK (length(picture_sealed) <= 66000)
);
CREATE INDEX signature_images_case ON signature_images (case_id);
