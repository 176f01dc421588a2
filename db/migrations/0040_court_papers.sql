-- +goose Up
-- The papers of an application as they were drawn when it was filed, sealed: what
-- the court reads a year later is the same text, whatever became of the office's
-- words. Applications filed before have none and are drawn anew.
ALTER TABLE confirmations ADD COLUMN papers_sealed bytea;
