-- +goose Up
-- The first schema. Every case-owned table carries its case and the root of the
-- case's area, so that it can be partitioned or sharded by it later. Sealed
-- values are bytea under a key outside the database; masks stand beside them.

CREATE TABLE settings (
  key text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE areas (
  id uuid PRIMARY KEY,
  parent_id uuid REFERENCES areas (id),
  kind text NOT NULL CONSTRAINT areas_kind_known
    CHECK (kind IN ('province', 'city', 'district', 'subdistrict', 'community', 'grid', 'building')),
  name text NOT NULL CONSTRAINT areas_name_not_blank CHECK (name <> ''),
  name_en text NOT NULL DEFAULT '',
  code text NOT NULL CONSTRAINT areas_code_shape CHECK (code ~ '^[a-z0-9-]{1,24}$'),
  -- the codes from the root down, each closed by a slash: the subtree of an
  -- area is every path that begins with its own
  path text NOT NULL CONSTRAINT areas_path_once UNIQUE,
  lat double precision,
  lng double precision,
  closed_at timestamptz,
  CONSTRAINT areas_code_once UNIQUE (parent_id, code)
);
CREATE INDEX areas_path_prefix ON areas (path text_pattern_ops);

CREATE TABLE courts (
  id uuid PRIMARY KEY,
  area_id uuid NOT NULL REFERENCES areas (id),
  name text NOT NULL CONSTRAINT courts_name_not_blank CHECK (name <> '')
);

CREATE TABLE committees (
  id uuid PRIMARY KEY,
  area_id uuid NOT NULL REFERENCES areas (id),
  name text NOT NULL CONSTRAINT committees_name_not_blank CHECK (name <> ''),
  -- what stands in case numbers: 榆园人调字
  short_name text NOT NULL CONSTRAINT committees_short_name_once UNIQUE
    CONSTRAINT committees_short_name_not_blank CHECK (short_name <> ''),
  phone text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT '',
  term_end date,
  contacts int NOT NULL DEFAULT 3 CONSTRAINT committees_contacts CHECK (contacts BETWEEN 1 AND 20),
  limits jsonb NOT NULL DEFAULT '{}',
  version int NOT NULL DEFAULT 1,
  closed_at timestamptz
);
CREATE INDEX committees_area ON committees (area_id);

CREATE TABLE service_points (
  id uuid PRIMARY KEY,
  area_id uuid NOT NULL REFERENCES areas (id),
  committee_id uuid REFERENCES committees (id),
  kind text NOT NULL CONSTRAINT service_points_kind_known
    CHECK (kind IN ('mediation_station', 'elders_studio', 'law_square', 'court_point', 'judicial_office', 'other')),
  name text NOT NULL CONSTRAINT service_points_name_not_blank CHECK (name <> ''),
  address text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '',
  hours text NOT NULL DEFAULT '',
  services text NOT NULL DEFAULT '',
  lat double precision,
  lng double precision
);
CREATE INDEX service_points_area ON service_points (area_id);

CREATE TABLE calendar_days (
  day date PRIMARY KEY,
  work boolean NOT NULL,
  name_zh text NOT NULL DEFAULT '',
  name_en text NOT NULL DEFAULT ''
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  username text NOT NULL CONSTRAINT users_username_shape CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,39}$')
    CONSTRAINT users_username_once UNIQUE,
  name text NOT NULL CONSTRAINT users_name_not_blank CHECK (name <> ''),
  phone_sealed bytea,
  phone_index bytea CONSTRAINT users_phone_once UNIQUE,
  phone_mask text NOT NULL DEFAULT '',
  password_hash text NOT NULL,
  must_change boolean NOT NULL DEFAULT false,
  verified boolean NOT NULL DEFAULT false,
  lang text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  disabled_at timestamptz,
  version int NOT NULL DEFAULT 1
);

CREATE TABLE mediators (
  user_id uuid PRIMARY KEY REFERENCES users (id),
  committee_id uuid NOT NULL REFERENCES committees (id),
  registration_no text NOT NULL DEFAULT '',
  registered_on date,
  term_end date,
  full_time boolean NOT NULL DEFAULT false,
  party_member boolean NOT NULL DEFAULT false,
  legal_advisor boolean NOT NULL DEFAULT false,
  max_cases int NOT NULL DEFAULT 0 CONSTRAINT mediators_max_cases CHECK (max_cases BETWEEN 0 AND 1000),
  skills text NOT NULL DEFAULT ''
);
CREATE INDEX mediators_committee ON mediators (committee_id);

CREATE TABLE grants (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  role text NOT NULL,
  committee_id uuid REFERENCES committees (id),
  area_id uuid REFERENCES areas (id),
  court_id uuid REFERENCES courts (id),
  granted_by uuid,
  granted_at timestamptz NOT NULL,
  -- the second admin, once there are two; until then the grant does not hold
  confirmed_at timestamptz,
  confirmed_by uuid,
  ended_at timestamptz,
  CONSTRAINT grants_one_place CHECK (num_nonnulls(committee_id, area_id, court_id) <= 1)
);
CREATE INDEX grants_user ON grants (user_id) WHERE ended_at IS NULL;
CREATE INDEX grants_committee ON grants (committee_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX grants_once ON grants
  (user_id, role, coalesce(committee_id, area_id, court_id, user_id)) WHERE ended_at IS NULL;

CREATE TABLE sign_ins (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  token_digest bytea NOT NULL CONSTRAINT sign_ins_token_once UNIQUE,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  address text NOT NULL DEFAULT '',
  device text NOT NULL DEFAULT '',
  revoked_at timestamptz
);
CREATE INDEX sign_ins_user ON sign_ins (user_id) WHERE revoked_at IS NULL;

-- Failed guesses, counted per target and address and per address alone, so that
-- nobody can be locked out from elsewhere. Keys are keyed digests.
CREATE TABLE guesses (
  key bytea NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX guesses_key ON guesses (key, at);
CREATE INDEX guesses_at ON guesses (at);

CREATE TABLE one_time_links (
  token_digest bytea PRIMARY KEY,
  purpose text NOT NULL CONSTRAINT one_time_links_purpose_known CHECK (purpose IN ('first_admin', 'password')),
  user_id uuid REFERENCES users (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE counters (
  committee_id uuid NOT NULL REFERENCES committees (id),
  kind text NOT NULL,
  year int NOT NULL,
  n int NOT NULL,
  PRIMARY KEY (committee_id, kind, year)
);

CREATE TABLE persons (
  id uuid PRIMARY KEY,
  kind text NOT NULL CONSTRAINT persons_kind_known CHECK (kind IN ('natural', 'organisation')),
  phone_sealed bytea,
  phone_index bytea,
  id_sealed bytea,
  id_index bytea,
  address_sealed bytea,
  created_at timestamptz NOT NULL
);
CREATE INDEX persons_phone ON persons (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX persons_id ON persons (id_index) WHERE id_index IS NOT NULL;

CREATE TABLE cases (
  id uuid PRIMARY KEY,
  version int NOT NULL,
  intake_number text NOT NULL CONSTRAINT cases_intake_number_once UNIQUE,
  number text NOT NULL,
  committee_id uuid NOT NULL REFERENCES committees (id),
  area_id uuid NOT NULL REFERENCES areas (id),
  area_path text NOT NULL,
  area_root text NOT NULL,
  stage text NOT NULL CONSTRAINT cases_stage_known CHECK (stage IN (
    'submitted', 'supplement', 'registered', 'consent_pending', 'not_accepted', 'referred_out', 'accepted', 'assigned',
    'recusal_review', 'scheduled', 'in_mediation', 'adjourned', 'escalated', 'court_track', 'agreement_draft', 'effective',
    'followed_up', 'terminated', 'withdrawn', 'closed', 'archived')),
  resume_stage text NOT NULL,
  track text NOT NULL CONSTRAINT cases_track_known CHECK (track IN ('', 'party_member', 'legal_advisor', 'circuit_court')),
  court_mode text NOT NULL,
  type text NOT NULL,
  subtype text NOT NULL,
  source text NOT NULL,
  source_ref text NOT NULL,
  channel text NOT NULL,
  grade text NOT NULL,
  grade_by text NOT NULL,
  grade_facts text[] NOT NULL,
  title text NOT NULL,
  facts text NOT NULL CONSTRAINT cases_facts_length CHECK (char_length(facts) <= 60000),
  place text NOT NULL,
  request text NOT NULL,
  respondent_hint text NOT NULL,
  amount_fen bigint NOT NULL CONSTRAINT cases_amount_not_negative CHECK (amount_fen >= 0),
  filed_by uuid REFERENCES users (id),
  filed_at timestamptz NOT NULL,
  registered_at timestamptz,
  accepted_at timestamptz,
  effective_on date,
  effect_rule text NOT NULL,
  ended_at timestamptz,
  outcome_code text NOT NULL,
  outcome_text text NOT NULL,
  ended_as text NOT NULL,
  closing_summary text NOT NULL,
  remedies text[] NOT NULL,
  risk_screened boolean NOT NULL,
  restricted boolean NOT NULL,
  hold boolean NOT NULL,
  lapsed boolean NOT NULL,
  linked_to uuid REFERENCES cases (id),
  missing_papers text NOT NULL,
  chain_seq int NOT NULL,
  chain_head text NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Remedies are never missing where the law asks for them (PML 26).
  CONSTRAINT cases_remedies_told CHECK (stage NOT IN ('not_accepted', 'referred_out', 'terminated') OR cardinality(remedies) > 0),
  CONSTRAINT cases_effect_known CHECK (stage <> 'effective' OR effective_on IS NOT NULL)
);
CREATE UNIQUE INDEX cases_number_once ON cases (number) WHERE number <> '';
CREATE INDEX cases_committee_open ON cases (committee_id, updated_at DESC, id DESC) WHERE stage NOT IN ('closed', 'archived');
CREATE INDEX cases_committee_stage ON cases (committee_id, stage, updated_at DESC, id DESC) WHERE stage NOT IN ('closed', 'archived');
CREATE INDEX cases_committee_all ON cases (committee_id, updated_at DESC, id DESC);
CREATE INDEX cases_area_open ON cases (area_path text_pattern_ops, updated_at DESC, id DESC) WHERE stage NOT IN ('closed', 'archived');
CREATE INDEX cases_area_all ON cases (area_path text_pattern_ops, updated_at DESC, id DESC);
CREATE INDEX cases_updated ON cases (updated_at DESC, id DESC);
CREATE INDEX cases_filed_by ON cases (filed_by, updated_at DESC) WHERE filed_by IS NOT NULL;
CREATE INDEX cases_linked ON cases (linked_to) WHERE linked_to IS NOT NULL;

CREATE TABLE case_parties (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  person_id uuid REFERENCES persons (id),
  seq int NOT NULL,
  side text NOT NULL CONSTRAINT case_parties_side_known CHECK (side IN ('applicant', 'respondent', 'third')),
  capacity text NOT NULL,
  name text NOT NULL CONSTRAINT case_parties_name_length CHECK (char_length(name) <= 60),
  group_size int NOT NULL CONSTRAINT case_parties_group_size CHECK (group_size BETWEEN 1 AND 10000),
  guardian_name text NOT NULL,
  agent_name text NOT NULL,
  agent_scope text NOT NULL,
  credit_code text NOT NULL,
  legal_rep text NOT NULL,
  user_id uuid REFERENCES users (id),
  consent text NOT NULL CONSTRAINT case_parties_consent_known CHECK (consent IN ('', 'yes', 'no')),
  consent_at timestamptz,
  consent_how text NOT NULL,
  rights_at timestamptz,
  rights_how text NOT NULL,
  identity_level int NOT NULL,
  identity_how text NOT NULL,
  legal_ground text NOT NULL,
  privacy_at timestamptz,
  phone_mask text NOT NULL,
  id_mask text NOT NULL,
  address_mask text NOT NULL,
  left_at timestamptz
);
CREATE INDEX case_parties_case ON case_parties (case_id);
CREATE INDEX case_parties_user ON case_parties (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE case_files (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  mime text NOT NULL,
  size bigint NOT NULL,
  digest text NOT NULL,
  side text NOT NULL,
  shared boolean NOT NULL,
  by_user uuid,
  party_id uuid,
  at timestamptz NOT NULL
);
CREATE INDEX case_files_case ON case_files (case_id);

CREATE TABLE contacts (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  party_id uuid NOT NULL REFERENCES case_parties (id),
  means text NOT NULL,
  reached boolean NOT NULL,
  note text NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL
);
CREATE INDEX contacts_case ON contacts (case_id);

CREATE TABLE risks (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  flag text NOT NULL,
  facts text NOT NULL,
  measures text NOT NULL,
  must_report boolean NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL,
  receiver text NOT NULL,
  reported_at timestamptz,
  report_ref text NOT NULL
);
CREATE INDEX risks_case ON risks (case_id);

CREATE TABLE assignments (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  mediator_id uuid NOT NULL REFERENCES users (id),
  name text NOT NULL,
  lead boolean NOT NULL,
  chosen_by text NOT NULL,
  relation text NOT NULL,
  court_guided boolean NOT NULL,
  accepted_by text[] NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_why text NOT NULL
);
CREATE INDEX assignments_case ON assignments (case_id);
-- Two people who assign at once: one wins, whatever the program does.
CREATE UNIQUE INDEX assignments_one_lead ON assignments (case_id) WHERE lead AND ended_at IS NULL;
CREATE INDEX assignments_mediator ON assignments (mediator_id) WHERE ended_at IS NULL;

CREATE TABLE conflicts (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id),
  relation text NOT NULL,
  at timestamptz NOT NULL,
  waived_at timestamptz
);
CREATE INDEX conflicts_case ON conflicts (case_id);
CREATE INDEX conflicts_user ON conflicts (user_id) WHERE waived_at IS NULL;

CREATE TABLE helpers (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id),
  name text NOT NULL,
  as_what text NOT NULL,
  at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX helpers_case ON helpers (case_id);
CREATE INDEX helpers_user ON helpers (user_id) WHERE ended_at IS NULL;

CREATE TABLE recusals (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  mediator_id uuid NOT NULL REFERENCES users (id),
  party_id uuid,
  relation text NOT NULL,
  reason text NOT NULL,
  asked_at timestamptz NOT NULL,
  asked_by uuid,
  state text NOT NULL CONSTRAINT recusals_state_known CHECK (state IN ('open', 'replaced', 'rejected', 'waived')),
  decision text NOT NULL,
  decided_by uuid,
  decided_at timestamptz
);
CREATE INDEX recusals_case ON recusals (case_id);

CREATE TABLE mediation_sessions (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  seq int NOT NULL,
  at timestamptz NOT NULL,
  place text NOT NULL,
  mode text NOT NULL,
  bring text NOT NULL,
  state text NOT NULL CONSTRAINT sessions_state_known CHECK (state IN ('planned', 'open', 'recorded', 'cancelled')),
  opened_at timestamptz,
  attendance jsonb NOT NULL,
  statements jsonb NOT NULL,
  confirmed_facts text NOT NULL,
  negotiation_notes text NOT NULL,
  result text NOT NULL,
  read_back boolean NOT NULL,
  recorder text NOT NULL,
  recorded_by uuid,
  recorded_at timestamptz,
  CONSTRAINT sessions_seq_once UNIQUE (case_id, seq)
);
CREATE INDEX mediation_sessions_case ON mediation_sessions (case_id);
CREATE INDEX sessions_planned ON mediation_sessions (at) WHERE state = 'planned';

CREATE TABLE caucus_notes (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  party_id uuid NOT NULL REFERENCES case_parties (id),
  by_user uuid,
  at timestamptz NOT NULL,
  body_sealed bytea NOT NULL
);
CREATE INDEX caucus_notes_case ON caucus_notes (case_id);

CREATE TABLE investigations (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  on_day date NOT NULL,
  place text NOT NULL,
  asked text NOT NULL,
  content text NOT NULL,
  recorder text NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL
);
CREATE INDEX investigations_case ON investigations (case_id);

CREATE TABLE extensions (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  until_day date NOT NULL,
  reason text NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL
);
CREATE INDEX extensions_case ON extensions (case_id);

CREATE TABLE escalations (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  kind text NOT NULL CONSTRAINT escalations_kind_known CHECK (kind IN ('case', 'agreement')),
  reason text NOT NULL,
  summary text NOT NULL,
  asked_by uuid,
  asked_at timestamptz NOT NULL,
  asked_seq int NOT NULL,
  snapshot jsonb NOT NULL,
  opinion text NOT NULL,
  outcome text NOT NULL,
  answered_by uuid,
  answered_at timestamptz
);
CREATE INDEX escalations_case ON escalations (case_id);
CREATE UNIQUE INDEX escalations_one_open ON escalations (case_id, kind) WHERE answered_at IS NULL;
CREATE INDEX escalations_open ON escalations (asked_at) WHERE answered_at IS NULL;
CREATE INDEX escalations_answered ON escalations (answered_at);

CREATE TABLE referrals (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  court_id uuid NOT NULL REFERENCES courts (id),
  court_mode text NOT NULL,
  state text NOT NULL CONSTRAINT referrals_state_known CHECK (state IN ('offered', 'taken', 'declined', 'ended')),
  -- the text the digest was taken of; jsonb would reorder it
  pack text NOT NULL,
  pack_digest text NOT NULL,
  court_ref text NOT NULL,
  result text NOT NULL,
  offered_at timestamptz NOT NULL,
  offered_by uuid,
  answered_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX referrals_case ON referrals (case_id);
CREATE INDEX referrals_court ON referrals (court_id, offered_at);

CREATE TABLE agreements (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  version_no int NOT NULL,
  form text NOT NULL CONSTRAINT agreements_form_known CHECK (form IN ('written', 'oral')),
  facts text NOT NULL,
  settled text NOT NULL,
  unsettled text NOT NULL,
  performance text NOT NULL,
  partial boolean NOT NULL,
  immediate boolean NOT NULL,
  checklist text[] NOT NULL,
  copies int NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL,
  reviewed_at timestamptz,
  voided_at timestamptz,
  CONSTRAINT agreements_version_once UNIQUE (case_id, version_no)
);
CREATE INDEX agreements_case ON agreements (case_id);
CREATE UNIQUE INDEX agreements_one_in_force ON agreements (case_id) WHERE voided_at IS NULL;

CREATE TABLE signatures (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  agreement_id uuid NOT NULL REFERENCES agreements (id),
  as_what text NOT NULL CONSTRAINT signatures_as_known CHECK (as_what IN ('party', 'mediator', 'seal')),
  party_id uuid,
  how text NOT NULL,
  on_day date NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL,
  voided_at timestamptz
);
CREATE INDEX signatures_case ON signatures (case_id);
CREATE UNIQUE INDEX signatures_once ON signatures (agreement_id, as_what, coalesce(party_id, id)) WHERE voided_at IS NULL;

CREATE TABLE obligations (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  agreement_id uuid NOT NULL REFERENCES agreements (id),
  seq int NOT NULL,
  by_party uuid NOT NULL REFERENCES case_parties (id),
  to_party uuid NOT NULL REFERENCES case_parties (id),
  kind text NOT NULL,
  what text NOT NULL,
  amount_fen bigint NOT NULL CONSTRAINT obligations_amount_not_negative CHECK (amount_fen >= 0),
  due_day date NOT NULL,
  how text NOT NULL,
  state text NOT NULL CONSTRAINT obligations_state_known
    CHECK (state IN ('pending', 'performed', 'overdue', 'defaulted', 'waived', 'void')),
  performed_on date,
  proof text NOT NULL,
  urged int NOT NULL,
  urged_at timestamptz
);
CREATE INDEX obligations_case ON obligations (case_id);
CREATE INDEX obligations_due ON obligations (due_day) WHERE state = 'pending';

CREATE TABLE confirmations (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  court_id uuid NOT NULL REFERENCES courts (id),
  filed_on date NOT NULL,
  state text NOT NULL,
  court_ref text NOT NULL,
  decided_on date,
  note text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX confirmations_case ON confirmations (case_id);

CREATE TABLE follow_ups (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  on_day date NOT NULL,
  means text NOT NULL,
  situation text NOT NULL,
  satisfaction text NOT NULL,
  flare_up boolean NOT NULL,
  sued boolean NOT NULL,
  measures text NOT NULL,
  final boolean NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL
);
CREATE INDEX follow_ups_case ON follow_ups (case_id);

CREATE TABLE deadlines (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  kind text NOT NULL,
  subject_id uuid,
  term jsonb NOT NULL,
  starts_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text NOT NULL,
  paused_at timestamptz,
  paused_days int NOT NULL,
  reckoning jsonb NOT NULL,
  provisional boolean NOT NULL
);
CREATE INDEX deadlines_case ON deadlines (case_id);
CREATE INDEX deadlines_due ON deadlines (due_at, id) WHERE ended_at IS NULL;

CREATE TABLE corrections (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  subject_id uuid NOT NULL,
  text text NOT NULL,
  by_user uuid,
  at timestamptz NOT NULL
);
CREATE INDEX corrections_case ON corrections (case_id);

-- The history. Nothing points to it and nobody changes it: the app's role may
-- insert and select, and a trigger stops the rest for every role but the
-- superuser, who has no business here.
CREATE TABLE events (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  seq int NOT NULL CONSTRAINT events_seq_positive CHECK (seq > 0),
  at timestamptz NOT NULL,
  by_user uuid,
  by_party uuid,
  role text NOT NULL,
  action text NOT NULL,
  from_stage text NOT NULL,
  to_stage text NOT NULL,
  subject_id uuid,
  codes jsonb NOT NULL,
  digest text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  CONSTRAINT events_seq_once UNIQUE (case_id, seq)
);
CREATE INDEX events_at ON events (at, id);

-- Who looked at what is restricted, revealed or exported, and who was refused.
CREATE TABLE access_log (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  case_id uuid,
  area_root text NOT NULL DEFAULT '',
  by_user uuid,
  role text NOT NULL,
  object text NOT NULL,
  action text NOT NULL,
  allowed boolean NOT NULL,
  reason text NOT NULL DEFAULT '',
  request_id text NOT NULL DEFAULT ''
);
CREATE INDEX access_log_case ON access_log (case_id, at DESC);
CREATE INDEX access_log_user ON access_log (by_user, at DESC);

-- +goose StatementBegin
CREATE FUNCTION history_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'history is append only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER events_fixed BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER events_kept BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER access_log_fixed BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION history_is_fixed();
CREATE TRIGGER access_log_kept BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION history_is_fixed();

CREATE TABLE receipt_codes (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  party_id uuid NOT NULL REFERENCES case_parties (id),
  locator text NOT NULL CONSTRAINT receipt_codes_locator_once UNIQUE,
  secret_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX receipt_codes_party ON receipt_codes (party_id) WHERE revoked_at IS NULL;

CREATE TABLE invitations (
  token_digest bytea PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  party_id uuid NOT NULL REFERENCES case_parties (id),
  purpose text NOT NULL CONSTRAINT invitations_purpose_known CHECK (purpose IN ('answer', 'follow')),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX invitations_party ON invitations (party_id);

-- A short session of somebody who came with a code or a link.
CREATE TABLE code_sessions (
  token_digest bytea PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  party_id uuid NOT NULL REFERENCES case_parties (id),
  expires_at timestamptz NOT NULL
);
CREATE INDEX code_sessions_expiry ON code_sessions (expires_at);

-- One filing per key: a retry finds the same case and, for a day, the same code.
CREATE TABLE filings (
  key_digest bytea PRIMARY KEY,
  fingerprint bytea NOT NULL,
  case_id uuid NOT NULL REFERENCES cases (id),
  code_sealed bytea,
  created_at timestamptz NOT NULL
);
CREATE INDEX filings_created ON filings (created_at);

CREATE TABLE notices (
  id uuid PRIMARY KEY,
  case_id uuid NOT NULL REFERENCES cases (id),
  area_root text NOT NULL,
  party_id uuid REFERENCES case_parties (id),
  user_id uuid REFERENCES users (id),
  action text NOT NULL,
  at timestamptz NOT NULL,
  read_at timestamptz,
  CONSTRAINT notices_one_reader CHECK (num_nonnulls(party_id, user_id) = 1)
);
CREATE INDEX notices_user ON notices (user_id, at DESC) WHERE user_id IS NOT NULL;
CREATE INDEX notices_party ON notices (party_id, at DESC) WHERE party_id IS NOT NULL;

CREATE TABLE drafts (
  owner bytea NOT NULL, -- digest of the user's id or of the visitor's cookie
  form text NOT NULL,
  body_sealed bytea NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (owner, form)
);
CREATE INDEX drafts_updated ON drafts (updated_at);

-- What was done to the office: grants, committees, settings. Codes and ids only.
CREATE TABLE office_events (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  by_user uuid,
  action text NOT NULL,
  subject_id uuid,
  codes jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX office_events_at ON office_events (at DESC);
