package noticetest

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// body is the text of a mail as its reader sees it, and the files it carries.
func body(m *mail.Message) (text string, files map[string][]byte, err error) {
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return "", nil, err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		data, err := decoded(m.Body, m.Header.Get("Content-Transfer-Encoding"))
		return strings.ReplaceAll(string(data), "\r\n", "\n"), nil, err
	}
	files = map[string][]byte{}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return text, files, nil
		}
		if err != nil {
			return "", nil, err
		}
		data, err := decoded(part, part.Header.Get("Content-Transfer-Encoding"))
		if err != nil {
			return "", nil, err
		}
		if name := part.FileName(); name != "" {
			files[name] = data
		} else {
			text = strings.ReplaceAll(string(data), "\r\n", "\n")
		}
	}
}

func decoded(r io.Reader, encoding string) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	return io.ReadAll(r)
}
