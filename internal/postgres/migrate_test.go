package postgres_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"

	migrations "doorstep/db"
	"doorstep/internal/mediation"
	"doorstep/internal/pgtest"
	"doorstep/internal/postgres"
)

var update = flag.Bool("update", false, "record the digest of the newest migration")

// applied holds the sha256 of every migration. A file that was applied anywhere
// may not change: databases that have it would differ from those that get it
// now. -update writes new files here, and the newest one again, which is for
// the time before it was given to anybody; older lines it never touches.
var applied = map[string]string{
	// digests begin
	"0001_first.sql":               "2aa669b176cb25f848a5044a4906951cc70e90fee5058b2f5b97a26ec44ce42d",
	"0002_referrals.sql":           "109d8e1d81fc6ca8e7253bbee8153a34c88e9dc49cd73164d12128daf3c5e9f2",
	"0003_second_factor.sql":       "234bc69b22555f6dd0fe39336d620d2f7a1bf2bc613e28b6b1cc7ac7f6f7e48f",
	"0007_speed.sql":               "d3f53586d803e8189a9fd64caafe1058297d26b72b983b4f4fc7f10339abce11",
	"0008_mail.sql":                "5da4943bfaba343dc2c67ef5fdef0d4994db3e7ca3805d9cb8d2c293d67c288d",
	"0009_account_notices.sql":     "fad881c508c2dbe038a909bb0125b45ebd30d76e37599ff0bc46782f6eea6b15",
	"0010_office_history.sql":      "c8f175da9b5c3c8913d081aaf97f4875fc165eb51247bacfba0fb595ec73a2a2",
	"0011_upkeep.sql":              "b1331d42571bcf835e65829b1c3470cd0d88e3a73d63cff20549cb7b0a85a051",
	"0012_ties.sql":                "236752e4225f0aa24af019c20f97a30d847c45f7902b284a6edfab693f46f526",
	"0013_identities.sql":          "4204f37ef8ecccc1d0072f1ab80deabbc4b69e5fe0edd7a195251af763a1d897",
	"0020_confirmation.sql":        "d77528a7fd0b24090379bba6a8a50d639dfad73e1dd705c4ef9535fceaf006fb",
	"0021_access_subject.sql":      "6b0ced446cb54ab4556f4cb2815fd2e74223401ae08e56ab1efec6d997dce7ca",
	"0022_sealed_notes.sql":        "231b6d5cbd8ebc8b7f9bf177d4392aacf8f1927e327224e6671e59f878fefd4b",
	"0023_figures.sql":             "ead9f81b33134458cb8af596cbcb5b7262f7e3b576f222070f4d8cb3ce66e30c",
	"0024_performance.sql":         "79c4e9873d5707fdbd7cb0d7c2a2efed8c8b028eea06c489075119845123bed0",
	"0025_signatures.sql":          "748299db30ea0e3d7bec4bd628f325fc7b12103d97f7920787a94dbf17a3ce01",
	"0026_subsidies.sql":           "dba679edfe8a52c4fe456f56b6595d95b58f52bd11ea7279236da7c650874737",
	"0027_wording.sql":             "17a83acc120925b765d0a022fb5c29846dd484e0eeb58eea49148514212129c4",
	"0028_stored_files.sql":        "082ccc4d5ff263db5d1c853b8ebc5da207036804ac041565e2ca2bf31117cfb1",
	"0029_previews.sql":            "b9b60f0f834977e5116fa8ecc6f6fdf7fd95ec9b952a65f22542ae985a1653fe",
	"0030_file_classes.sql":        "005ab11806af00b33946df965cbf0cf0a9c0dbc863efc57fd3ae4929954b8882",
	"0031_subsidy_terms.sql":       "4494e0a50d5e4f878516dec36bb93eace17b49d78efbface8651d1b0517f8aa9",
	"0032_addenda.sql":             "1a4be7aa3b8ce6c86f90577f843704da9cd94123fb0fcd539cab10586cbdc3c6",
	"0033_retention_reason.sql":    "76263bb4821872e408c73aa7e00ed20a2e8c012f311720c0bf1b4706e55c1f0c",
	"0034_joinings.sql":            "38dc46a889e6895c5929346de9224da2350b4fa6e720565735324a3b7ef00195",
	"0035_paper_issues.sql":        "f57ca3ee3c2de94334c6f1fbcf19abc4017dedcc9cf0357e4851a33f2a15f9d3",
	"0036_figure_reports.sql":      "1d58aa85683e10a340d778110eba811a7ed07a2a6bd7d04cb653f8248ed926cc",
	"0037_drawings.sql":            "0a085876d9a9b04793fa41f76268e6c7e6a0ae1b319872b1ca86993dd61dea15",
	"0038_mails_given_up.sql":      "c05e6f0809d41a449d5c24f6d978dec9bee3a4fb09b42552164c06e3ebacbd21",
	"0039_mediator_return.sql":     "a5add8c2c4129ca326249bf958cad60be5cbf79ab7e8d2a843188755be8b83c7",
	"0040_court_papers.sql":        "c08e0cf24f21c1acc4cebb0f7c43cd1ee20687d63a4e8f30ecb912c0d491255f",
	"0041_committee_funds.sql":     "e8d16144520b5d081c8be7d961bfb5a429e671e4199227d5650ca7c073f1652f",
	"0042_duties.sql":              "66b2e0e3efaa9c1710723da16ea665ea2cb90c4d2e7e74de36e84a0594033080",
	"0043_party_facts.sql":         "44484afadc9a49947cd2cf77f82eec888366ce14fa5befea0d397069c85605ac",
	"0044_joining_sheets.sql":      "a1f664ded05a11a6ac889db36f6f2d76eafc23d3b250fff3fa5cf4b532d2bacb",
	"0045_screenings.sql":          "84aaced07296c86e14f499046021b43c994d749fbe2892649aaa9bb3fce248da",
	"0046_committee_kinds.sql":     "030f002526f25c3e2825f1264338f796d410c968eb71d67086344a84a2af7ad0",
	"0047_notice_numbers.sql":      "00a96124a37e1cb4aa919df5d5b2754e1f2da5bd44ba10e64f6762f0a7bef3eb",
	"0048_screenings_by_month.sql": "a0127bc081addc91c2d48cabb2d2a133d78cbd73312ac05a912a892cacc401a3",
	"0049_session_doors.sql":       "9dc926db352c3685979d7b077b0c8e6c1160ef7ad5006c854334c38f3600e7ab",
	"0050_transfers.sql":           "caca7a4f7b623c4dba43a96a3d470bb3c1b5ecc508d6a0d252c2e42c069442d1",
	"0051_major_reports.sql":       "cf95716fd3985c5cc02c0cebf01f735a799d414b123a12cdc02956151fbdabe7",
	"0052_paper_facts.sql":         "e083348c5d1d86675a69f281e54e4ad74567a34bb9a49f831ac2fc2afaedb8a3",
	"0053_data_requests.sql":       "e7e4b39c69de3689b2b583727440654df79024e46d4637df2a52888ead9f3552",
	"0054_session_told.sql":        "27e82ac5e96addad35131ddd594624a5a6ec0ec0aa1b1d1e3a0b7c70ba7d9f0b",
	"0055_filed_papers.sql":        "78c2e9ce633d8dae9f799795745b22613b8678d799c200d0fcf2dfb1cb7a51c5",
	"0056_who_closed.sql":          "f55758e2fb31b2596f61cd870bf94ba1d4e45fea4b3a8094c2d807aed6dd151f",
	// digests end
}

func TestAppliedMigrationsAreNeverEdited(t *testing.T) {
	now := map[string]string{}
	names, err := fs.Glob(migrations.Migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("migrations: %d, %v", len(names), err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		now[path.Base(name)] = hex.EncodeToString(sum[:])
	}
	newest := path.Base(names[len(names)-1])
	if *update {
		record(t, now, newest)
		return
	}
	for _, name := range names {
		name = path.Base(name)
		switch want, known := applied[name], applied[name] != ""; {
		case !known:
			t.Errorf("%s has no digest: run this test with -update", name)
		case want != now[name] && name == newest:
			t.Errorf("%s was edited: add a new migration, or record it again with -update if nobody has applied it yet", name)
		case want != now[name]:
			t.Errorf("%s was edited after it was recorded: add a new migration instead", name)
		}
	}
	for name := range applied {
		if now[name] == "" {
			t.Errorf("%s was removed: databases that have it cannot forget it", name)
		}
	}
}

// record rewrites the table above in this file.
func record(t *testing.T, now map[string]string, newest string) {
	t.Helper()
	const file, begin, end = "migrate_test.go", "\t// digests begin\n", "\t// digests end\n"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(source), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the marks around the table are gone")
	}
	var lines strings.Builder
	for _, name := range sortedKeys(now) {
		sum := applied[name]
		if sum == "" || name == newest {
			sum = now[name]
		}
		fmt.Fprintf(&lines, "\t%q: %q,\n", name, sum)
	}
	text, err := format.Source([]byte(head + begin + lines.String() + end + tail))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func pool(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// appRole is the role the cluster of pgtest serves with.
const appRole = "doorstep_app"

func TestFourServersMigrateAtOnce(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := postgres.Migrate(t.Context(), dsn.Owner, appRole); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	db := openDB(t, dsn.App)
	have, want, err := postgres.SchemaVersion(t.Context(), db)
	if err != nil || have != want || want == 0 {
		t.Errorf("have %d, want %d, %v", have, want, err)
	}
	var twice int
	err = pool(t, dsn.Owner).QueryRowContext(t.Context(), `SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`).Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations were applied more than once, %v", twice, err)
	}
}

func openDB(t *testing.T, dsn string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(dsn, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestEmptyDatabaseIsKnownAsSuch(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t)
	db := openDB(t, dsn.Owner)
	have, _, err := postgres.SchemaVersion(t.Context(), db)
	empty, errEmpty := postgres.IsEmpty(t.Context(), db)
	if err != nil || errEmpty != nil || have != 0 || !empty {
		t.Errorf("before: version %d, empty %v, %v %v; want 0 and true", have, empty, err, errEmpty)
	}
	if _, err := pool(t, dsn.Owner).ExecContext(t.Context(), `CREATE TABLE somebody_elses (x int)`); err != nil {
		t.Fatal(err)
	}
	have, _, err = postgres.SchemaVersion(t.Context(), db)
	empty, errEmpty = postgres.IsEmpty(t.Context(), db)
	if err != nil || errEmpty != nil || have != 0 || empty {
		t.Errorf("with a table: version %d, empty %v, %v %v; want 0 and false", have, empty, err, errEmpty)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	if _, err := pool(t, dsn.Owner).ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`); err != nil {
		t.Fatal(err)
	}
	err := postgres.Migrate(t.Context(), dsn.Owner, appRole)
	if mediation.KindOf(err) != mediation.Unavailable || mediation.KeyOf(err) != "error.schema_newer" {
		t.Errorf("err = %v, want error.schema_newer", err)
	}
}

func TestAppRights(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t)
	if err := postgres.Migrate(t.Context(), dsn.Owner, appRole); err != nil {
		t.Fatal(err)
	}
	owner, app := pool(t, dsn.Owner), pool(t, dsn.App)
	rows, err := owner.QueryContext(t.Context(), `
		SELECT tablename,
			concat_ws(' ',
				CASE WHEN has_table_privilege($1, 'public.' || quote_ident(tablename), 'SELECT') THEN 'select' END,
				CASE WHEN has_table_privilege($1, 'public.' || quote_ident(tablename), 'INSERT') THEN 'insert' END,
				CASE WHEN has_table_privilege($1, 'public.' || quote_ident(tablename), 'UPDATE') THEN 'update' END,
				CASE WHEN has_table_privilege($1, 'public.' || quote_ident(tablename), 'DELETE') THEN 'delete' END,
				CASE WHEN has_table_privilege($1, 'public.' || quote_ident(tablename), 'TRUNCATE') THEN 'truncate' END,
				CASE WHEN has_table_privilege($1, 'public.' || quote_ident(tablename), 'REFERENCES') THEN 'references' END)
		FROM pg_tables WHERE schemaname = 'public'`, appRole)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	got := map[string]string{}
	for rows.Next() {
		var table, rights string
		if err := rows.Scan(&table, &rights); err != nil {
			t.Fatal(err)
		}
		got[table] = rights
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	special := map[string]string{
		"goose_db_version":     "select",
		"events":               "select insert",
		"access_log":           "select insert",
		"office_events":        "select insert",
		"figure_months":        "select insert",
		"figure_cells":         "select insert",
		"figure_entries":       "select insert",
		"figure_corrections":   "select insert",
		"figure_reports":       "select insert",
		"committee_funds":      "select insert",
		"committee_screenings": "select insert",
		"subsidy_steps":        "select insert",
		"subsidy_terms":        "select insert",
		"upheld_complaints":    "select insert",
		"paper_issues":         "select insert",
		"paper_contents":       "select insert update",
	}
	for table := range special {
		if _, there := got[table]; !there {
			t.Errorf("no table %s", table)
		}
	}
	for table, rights := range got {
		want := special[table]
		if want == "" {
			want = "select insert update delete"
		}
		if rights != want {
			t.Errorf("%s: the app may %s, want %s", table, rights, want)
		}
	}
	for _, statement := range []string{
		`UPDATE events SET action = 'x'`, `DELETE FROM events`, `TRUNCATE events`, `DELETE FROM access_log`,
		`UPDATE goose_db_version SET version_id = 0`, `CREATE TABLE own (x int)`, `DROP TABLE events`,
		`ALTER TABLE events DISABLE TRIGGER ALL`,
	} {
		if _, err := app.ExecContext(t.Context(), statement); codeOf(err) != "42501" {
			t.Errorf("%s by the app: %v, want it refused for want of rights", statement, err)
		}
	}
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return string(e.Code)
	}
	return ""
}

// TestRightsAreTakenBack covers a table that became history after the app had
// full rights on it.
func TestRightsAreTakenBack(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	if _, err := pool(t, dsn.Owner).ExecContext(t.Context(), `GRANT ALL ON events TO `+appRole); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Migrate(t.Context(), dsn.Owner, appRole); err != nil {
		t.Fatal(err)
	}
	var may bool
	err := pool(t, dsn.Owner).QueryRowContext(t.Context(), `SELECT has_table_privilege($1, 'events', 'DELETE')`, appRole).Scan(&may)
	if err != nil || may {
		t.Errorf("the app may delete events: %v, %v", may, err)
	}
}

func TestOwnerAloneNeedsNoGrants(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"", "doorstep_owner"} {
		dsn := pgtest.Empty(t)
		if err := postgres.Migrate(t.Context(), dsn.Owner, role); err != nil {
			t.Errorf("app role %q: %v", role, err)
		}
		var may bool
		err := pool(t, dsn.Owner).QueryRowContext(t.Context(), `SELECT has_table_privilege($1, 'events', 'SELECT')`, appRole).Scan(&may)
		if err != nil || may {
			t.Errorf("app role %q: another role was given rights: %v, %v", role, may, err)
		}
	}
	dsn := pgtest.Empty(t)
	if err := postgres.Migrate(t.Context(), dsn.Owner, "nobody_by_this_name"); err == nil {
		t.Error("rights were given to a role that does not exist")
	}
}

func TestCheckLocale(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule, options string
		refused       bool
	}{
		{"UTF-8 with C.UTF-8 will do", "", false},
		{"the class C knows no Chinese letters", "LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0", true},
		{"neither does POSIX", "LC_COLLATE 'C' LC_CTYPE 'POSIX' TEMPLATE template0", true},
		{"nor does another encoding", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0", true},
	} {
		dsn := pgtest.Empty(t, tt.options)
		err := postgres.CheckLocale(t.Context(), openDB(t, dsn.Owner))
		if refused := mediation.KeyOf(err) == "error.database_locale"; refused != tt.refused || (err != nil) != tt.refused {
			t.Errorf("%s: %v", tt.rule, err)
		}
		if tt.refused {
			if err := postgres.Migrate(t.Context(), dsn.Owner, appRole); mediation.KeyOf(err) != "error.database_locale" {
				t.Errorf("%s: migrated all the same: %v", tt.rule, err)
			}
		}
	}
}
