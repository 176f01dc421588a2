package pgserver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lib/pq" // also registers the driver
)

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// create makes the cluster in data.new and renames it: a first start that was
// killed leaves no half cluster behind.
func (c *cluster) create(ctx context.Context) error {
	if _, err := os.Stat(c.data()); err == nil {
		return nil // findBinaries has matched PG_VERSION
	}
	fresh := c.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("pgserver: half a cluster: %w", err)
	}
	pw := filepath.Join(c.home(), "pw")
	if err := os.WriteFile(pw, []byte(c.secrets[AdminRole]+"\n"), 0o600); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	defer os.Remove(pw)
	if err := c.as.own(pw); err != nil {
		return err
	}
	c.log.Info("正在建立数据库 making the database", "folder", c.data(), "postgresql", c.bin.version)
	if err := c.initdb(ctx, fresh, pw); err != nil {
		return err
	}
	if err := appendTo(filepath.Join(fresh, "postgresql.conf"), "\ninclude_if_exists = 'doorstep.conf'\n"); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.data()); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	return syncDir(c.home())
}

// initdb tries C.UTF-8 and then en_US.UTF-8, for systems without the first.
// Plain C is never used: under it no Chinese character counts as a letter, and
// searches by trigram find nothing.
func (c *cluster) initdb(ctx context.Context, data, pw string) error {
	var out []byte
	var err error
	for _, locale := range [][]string{{"--locale=C.UTF-8"}, {"--locale=en_US.UTF-8", "--lc-collate=C"}} {
		args := append([]string{"-D", data, "-U", AdminRole, "-E", "UTF8", "--data-checksums", "--auth-local=scram-sha-256",
			"--auth-host=reject", "--pwfile=" + pw}, locale...)
		if !c.o.Durable {
			args = append(args, "-N")
		}
		cmd := c.as.command(ctx, c.bin.initdb(), args...)
		onOwnThread(func() { out, err = cmd.CombinedOutput() })
		if err == nil || !bytes.Contains(out, []byte("invalid locale")) {
			break
		}
	}
	if err != nil {
		return say("无法建立数据库，请检查数据目录的权限和磁盘空间。",
			"The database could not be made: check the permissions of the data folder and the space left.",
			fmt.Errorf("%w: %s", err, lastLines(out, 4)))
	}
	return nil
}

// configure writes the settings anew at each start, so that a newer program
// brings its newer settings; what an administrator sets by ALTER SYSTEM stands
// above them.
func (c *cluster) configure() error {
	durable := "on"
	connections := 60
	if !c.o.Durable {
		durable, connections = "off", 300
	}
	lines := []string{
		"# Written by doorstep at each start; use ALTER SYSTEM for changes of your own.",
		"listen_addresses = ''",
		"unix_socket_directories = '" + strings.ReplaceAll(c.socket, "'", "''") + "'",
		"unix_socket_permissions = 0700",
		"port = 5432",
		fmt.Sprintf("max_connections = %d", connections),
		"shared_buffers = 128MB",
		"wal_level = replica",
		"max_wal_size = 256MB",
		"min_wal_size = 32MB",
		"fsync = " + durable,
		"synchronous_commit = " + durable,
		"full_page_writes = " + durable,
		"autovacuum = " + durable, // a template database in use cannot be cloned
		"jit = off",
		"password_encryption = scram-sha-256",
		"timezone = 'UTC'",
		"log_timezone = 'UTC'",
		"lc_messages = 'C'",
		// The application reports its own failed statements. Here they would fill
		// the disk, and their text and details would carry personal data.
		"log_min_messages = log",
		"log_min_error_statement = panic",
		"log_error_verbosity = terse",
		"log_checkpoints = off",
		"logging_collector = off",
	}
	path := filepath.Join(c.data(), "doorstep.conf")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("pgserver: settings: %w", err)
	}
	return c.as.own(path)
}

// provision makes the two roles and the database when they are missing.
func (c *cluster) provision(ctx context.Context) error {
	db, err := sql.Open("postgres", c.dsn(AdminRole, "postgres"))
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	defer db.Close()
	for _, role := range []string{OwnerRole, AppRole} {
		statement := fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD %s", pq.QuoteIdentifier(role), pq.QuoteLiteral(c.secrets[role]))
		if err := ensure(ctx, db, "SELECT count(*) FROM pg_roles WHERE rolname = $1", role, statement); err != nil {
			return err
		}
	}
	if err := ensure(ctx, db, "SELECT count(*) FROM pg_database WHERE datname = $1", Database,
		fmt.Sprintf("CREATE DATABASE %s OWNER %s", Database, OwnerRole)); err != nil {
		return err
	}
	// Only the two roles enter; the rights of the second come with migrations.
	if _, err := db.ExecContext(ctx, fmt.Sprintf("REVOKE ALL ON DATABASE %s FROM PUBLIC", Database)); err != nil {
		return fmt.Errorf("pgserver: database rights: %w", err)
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf("GRANT CONNECT ON DATABASE %s TO %s", Database, AppRole)); err != nil {
		return fmt.Errorf("pgserver: database rights: %w", err)
	}
	return nil
}

func ensure(ctx context.Context, db *sql.DB, count, name, statement string) error {
	var n int
	if err := db.QueryRowContext(ctx, count, name).Scan(&n); err != nil {
		return fmt.Errorf("pgserver: look for %s: %w", name, err)
	}
	if n > 0 {
		return nil
	}
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("pgserver: make %s: %w", name, err)
	}
	return nil
}

// clusterMajor is the major version that made the cluster; 0 without one.
func (c *cluster) clusterMajor() (int, error) {
	raw, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if os.IsNotExist(err) {
		if _, err := os.Stat(c.data()); err == nil {
			return 0, say(fmt.Sprintf("目录 %s 不是数据库，请把它移开后再启动。", c.data()),
				fmt.Sprintf("The folder %s holds no database: move it away and start again.", c.data()), nil)
		}
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("pgserver: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return 0, fmt.Errorf("pgserver: PG_VERSION: %w", err)
	}
	return major, nil
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("pgserver: %s: %w", filepath.Base(path), err)
	}
	return nil
}

// syncDir makes a rename survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	return nil
}

func lastLines(text []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}
