-- +goose Up
-- Why a volume is kept for another class than the one the rules propose.
ALTER TABLE cases ADD COLUMN retention_reason text NOT NULL DEFAULT '';
