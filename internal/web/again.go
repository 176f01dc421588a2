package web

import (
	"bytes"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// keyBusy is the refusal of what is more than the server can do.
const keyBusy = "error.busy"

// again is a post that could not be taken just now, as a form that sends it once
// more: without script, on a bad moment, the page of the error is all that is left
// of what was typed. Sending twice does no harm: a filing has its key, an act its
// version. nil when nothing was typed or it would open an account.
func again(c echo.Context, p Page) *Form {
	r := c.Request()
	if r.Method != http.MethodPost || r.ContentLength > keptMost && !isFiles(r) {
		return nil
	}
	path := local(r.URL.RequestURI())
	if path == "" || strings.HasPrefix(path, "/drafts/") {
		return nil
	}
	if err := r.ParseForm(); err != nil || len(r.PostForm) == 0 {
		return nil
	}
	f := &Form{Action: path, Submit: p.T("error_page.again")}
	size := 0
	for _, name := range sortedNames(r.PostForm) {
		if opensAccount(name) {
			return nil
		}
		for _, v := range r.PostForm[name] {
			f.Fields = append(f.Fields, Field{Name: name, Kind: FieldHidden, Value: v})
			size += len(v)
		}
	}
	if size > keptMost {
		return nil
	}
	return f
}

// busyPages keeps the pages of a busy server as they were drawn: under a flood they
// are most of what is sent, and must cost next to nothing.
type busyPages struct {
	mu    sync.Mutex
	drawn map[string][]byte // by language and address
}

// mostRefusals bounds the pages kept; when it is reached they are drawn anew.
const mostRefusals = 200

func (f *busyPages) page(key string) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.drawn[key]
}

func (f *busyPages) keep(key string, page []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.drawn == nil || len(f.drawn) >= mostRefusals {
		f.drawn = map[string][]byte{}
	}
	f.drawn[key] = page
}

// refuse answers a reader while the server is busy. The page is everybody's, so
// it names no request.
func (r *Renderer) refuse(c echo.Context, status int, data FailurePage) error {
	key := string(data.Lang) + "\n" + data.Path
	page := r.busy.page(key)
	if page == nil {
		data.RequestID = ""
		var buf bytes.Buffer
		if err := r.Render(&buf, "error", data); err != nil {
			return err
		}
		page = buf.Bytes()
		r.busy.keep(key, page)
	}
	return send(c, status, data.Lang, page)
}
