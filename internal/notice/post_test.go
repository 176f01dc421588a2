package notice_test

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"doorstep/internal/notice"
)

func TestATextIsPostedOverHTTPS(t *testing.T) {
	var got, kind string
	answer := http.StatusAccepted
	mux := http.NewServeMux()
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got, kind = string(text)+r.URL.RawQuery, r.Header.Get("Content-Type")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(answer)
	})
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { t.Error("a redirection was followed") })
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	to := server.URL + "/in?token=geheim"
	if err := notice.Post(t.Context(), to, roots, []byte("text ")); err != nil || got != "text token=geheim" || !strings.HasPrefix(kind, "text/plain") {
		t.Errorf("%q of kind %q: %v", got, kind, err)
	}
	for rule, post := range map[string]func() error{
		"an unknown authority": func() error { return notice.Post(t.Context(), to, nil, nil) },
		"an address in clear":  func() error { return notice.Post(t.Context(), "http://a.example/?geheim", roots, nil) },
		"a refusal":            func() error { answer = 403; return notice.Post(t.Context(), to, roots, nil) },
		"a redirection":        func() error { answer = 307; return notice.Post(t.Context(), to, roots, nil) },
		"nobody there":         func() error { return notice.Post(t.Context(), "https://127.0.0.1:1/?geheim", roots, nil) },
	} {
		if err := post(); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", rule, err)
		}
	}
}
