-- +goose Up
-- A referral ends with the case that was withdrawn or terminated before the
-- court answered: it is called back, and the court no longer sees the file.
ALTER TABLE referrals
  DROP CONSTRAINT referrals_state_known,
  ADD CONSTRAINT referrals_state_known CHECK (state IN ('offered', 'taken', 'declined', 'recalled', 'ended'));
