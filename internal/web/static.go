package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"
)

// staticFiles are the style sheet, the script and the pictures, in memory. All
// share one digest in their address: the sheet names the icons by a relative
// path, so they must change together.
type staticFiles struct {
	digest string
	files  map[string][]byte
}

// contentTypes does not ask the machine: its list differs from one to the next,
// and a style sheet sent as text/plain is refused by the browser.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".txt": "text/plain; charset=utf-8",
}

func hashStatic(fsys fs.FS) (*staticFiles, error) {
	s := &staticFiles{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(fsys, "static", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		if contentTypes[path.Ext(file)] == "" {
			return fmt.Errorf("%q: no content type is known for it", file)
		}
		fmt.Fprintf(sum, "%s %d\n", file, len(body))
		sum.Write(body)
		s.files[strings.TrimPrefix(file, "static/")] = body
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("web: static files: %w", err)
	}
	s.digest = hex.EncodeToString(sum.Sum(nil))[:12]
	return s, nil
}

// url is the address of a static file, with the digest of the content.
func (s *staticFiles) url(name string) string { return "/static/" + s.digest + "/" + name }

// Static serves GET /static/*, where the first part is a digest. Under the present digest the answer may
// be kept for a year. Under another one, as asked for by a page of the version
// before, the present file is sent but not kept, so that nobody is left with
// a naked page during an upgrade.
func (r *Renderer) Static(c echo.Context) error {
	digest, name, _ := strings.Cut(c.Param("*"), "/")
	body, ok := r.static.files[name]
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-cache")
	if digest == r.static.digest {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	return c.Blob(http.StatusOK, contentTypes[path.Ext(name)], body)
}
