package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/internal/mediation"
)

// statusOf is the one table from kind to status.
var statusOf = map[mediation.Kind]int{
	mediation.Internal:        http.StatusInternalServerError,
	mediation.NotFound:        http.StatusNotFound,
	mediation.Invalid:         http.StatusUnprocessableEntity,
	mediation.Conflict:        http.StatusConflict,
	mediation.Forbidden:       http.StatusForbidden,
	mediation.Unauthenticated: http.StatusUnauthorized,
	mediation.TooMany:         http.StatusTooManyRequests,
	mediation.Unavailable:     http.StatusServiceUnavailable,
}

// statusClientGone stands in the log for a client that left before the answer.
const statusClientGone = 499

// The seconds after which a client may try again, where the error names none.
const (
	retryUnavailable = 5
	retryTooMany     = 60
)

// verdict is what becomes of an error: what the user sees and what is logged.
type verdict struct {
	status int
	key    string // locale key of the message
	retry  int    // seconds for Retry-After; 0: none
	cause  error  // for the log; nil when the answer says it all
}

// messages are the keys for a status whose error names none. A message of an
// internal fault is always replaced: unclassified text is never shown.
var messages = map[int]string{
	http.StatusBadRequest:            "error.bad_request",
	http.StatusUnauthorized:          "error.sign_in",
	http.StatusForbidden:             "error.forbidden",
	http.StatusNotFound:              "error.not_found",
	http.StatusMethodNotAllowed:      "error.method",
	http.StatusConflict:              "error.stale",
	http.StatusRequestTimeout:        "error.slow",
	http.StatusRequestEntityTooLarge: "error.too_large",
	http.StatusUnsupportedMediaType:  "error.media_type",
	http.StatusUnprocessableEntity:   "error.check_fields",
	http.StatusTooManyRequests:       "error.too_many",
	http.StatusServiceUnavailable:    "error.unavailable",
}

// fail answers an error: the page of its kind, once, and the note for the log.
func (s *Server) fail(err error, c echo.Context) {
	if c.Get(verdictKey) != nil {
		return // answered already; Echo asks again for what passed observe
	}
	v := s.judge(c.Request().Context(), err)
	c.Set(verdictKey, v)
	if v.status == http.StatusRequestEntityTooLarge {
		s.metrics.refused.WithLabelValues("too_large").Inc()
		c.Response().Header().Set("Connection", "close") // the rest of the body is not read
	}
	if v.status == http.StatusTooManyRequests {
		s.metrics.refused.WithLabelValues("too_many").Inc()
	}
	if c.Response().Committed || v.status == statusClientGone {
		return
	}
	if v.retry > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(v.retry))
	}
	c.Response().Header().Set("Cache-Control", "no-store") // a static file's answer may have said otherwise
	s.answer(c, v)
}

// answer draws the error page, and the plain one when that fails too.
func (s *Server) answer(c echo.Context, v verdict) {
	if c.Request().Method == http.MethodHead {
		c.Response().WriteHeader(v.status)
		return
	}
	err := s.o.ErrorPage(c, v.status, v.key, requestID(c))
	if err == nil {
		return
	}
	if !c.Response().Committed {
		err = errors.Join(err, plainPage(c, v.status, v.key, requestID(c)))
	}
	s.o.Log.Warn("web: error page not drawn", "request_id", requestID(c), "status", v.status, "cause", err)
}

// judge turns an error into what is answered and what is logged.
func (s *Server) judge(ctx context.Context, err error) verdict {
	err = s.classify(ctx, err)
	if errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled) {
		return verdict{status: statusClientGone}
	}
	v := verdict{status: statusFor(err), key: mediation.KeyOf(err)}
	switch v.status {
	case http.StatusInternalServerError:
		v.key, v.cause = "error.internal", err
	case http.StatusServiceUnavailable:
		v.retry, v.cause = retryAfter(err, retryUnavailable), causeOf(err)
	case http.StatusTooManyRequests:
		v.retry = retryAfter(err, retryTooMany)
	}
	if v.key == "" {
		v.key = messages[v.status]
	}
	if v.key == "" && v.status > http.StatusInternalServerError {
		v.key = "error.internal"
	}
	if v.key == "" {
		v.key = messages[http.StatusBadRequest]
	}
	return v
}

// causeOf is what lies under an error of ours; nil when it says it all.
func causeOf(err error) error {
	if e, ok := errors.AsType[*mediation.Error](err); ok {
		return e.Err
	}
	return err
}

// classify gives an error of storage or of a deadline its kind. An error that
// has one keeps it.
func (s *Server) classify(ctx context.Context, err error) error {
	if mediation.KindOf(err) != mediation.Internal {
		return err
	}
	err = s.o.Classify(err)
	if mediation.KindOf(err) != mediation.Internal {
		return err
	}
	late := errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.DeadlineExceeded)
	if late {
		return &mediation.Error{Kind: mediation.Unavailable, Key: "error.unavailable", Err: err}
	}
	return err
}

// statusFor: Echo's own errors keep their code (no such route, wrong method,
// wrong type); a body over its limit is 413 however deep it is wrapped.
func statusFor(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if he, ok := errors.AsType[*echo.HTTPError](err); ok && he.Code >= 400 && he.Code < 600 {
		return he.Code
	}
	return statusOf[mediation.KindOf(err)]
}

// retryAfter is the seconds an error names in its argument "retry_after", else
// the usual ones.
func retryAfter(err error, usual int) int {
	e, ok := errors.AsType[*mediation.Error](err)
	if !ok {
		return usual
	}
	seconds, bad := strconv.Atoi(e.Args["retry_after"])
	if bad != nil || seconds < 1 {
		return usual
	}
	return seconds
}

// sorry is the plain page's sentence of a status, Chinese and English.
type sorry struct{ zh, en string }

var sorries = map[int]sorry{
	http.StatusBadRequest:            {"这次提交的内容无法识别，请返回上一页再试。", "The request could not be read. Please go back and try again."},
	http.StatusUnauthorized:          {"请先登录。", "Please sign in first."},
	http.StatusForbidden:             {"您不能进行这项操作。", "You may not do this."},
	http.StatusNotFound:              {"没有找到这个页面。请检查地址，或返回首页。", "This page was not found. Check the address or go back to the start page."},
	http.StatusMethodNotAllowed:      {"这个地址不接受这种操作，请返回上一页。", "This address does not take that kind of request. Please go back."},
	http.StatusConflict:              {"内容刚刚被别人更新，请刷新后再试。", "Somebody changed this just now. Please reload and try again."},
	http.StatusRequestTimeout:        {"网络太慢，内容没有传完，请换个网络好的地方再试。", "The line was too slow and the form did not arrive. Please try again where the signal is better."},
	http.StatusRequestEntityTooLarge: {"内容或文件太大了，请缩小后再提交。", "The text or file is too large. Please send a smaller one."},
	http.StatusUnsupportedMediaType:  {"不支持这种格式，请换一种格式再试。", "This format is not supported. Please use another one."},
	http.StatusUnprocessableEntity:   {"填写的内容有误，请返回检查。", "Something in the form is not right. Please go back and check it."},
	http.StatusTooManyRequests:       {"操作太频繁了，请稍等片刻再试。", "Too many attempts. Please wait a little and try again."},
	http.StatusInternalServerError:   {"系统出了问题，我们已记录下来，请稍后再试。", "Something went wrong on our side and has been recorded. Please try again later."},
	http.StatusServiceUnavailable:    {"系统暂时繁忙或正在维护，请过一会儿再试。", "The service is busy or being looked after. Please try again shortly."},
}

// plainPage is the error page that needs nothing: no template, no database. It
// holds no personal data. The message stands in both languages.
func plainPage(c echo.Context, status int, _, requestID string) error {
	words, known := sorries[status]
	switch {
	case known:
	case status >= http.StatusInternalServerError:
		words = sorries[http.StatusInternalServerError]
	default:
		words = sorries[http.StatusBadRequest]
	}
	page := fmt.Sprintf(`<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%d · 家门口调解 Doorstep</title></head>
<body>
<h1>家门口调解</h1>
<p>%s</p>
<p lang="en">%s</p>
<p>编号 <span lang="en">Request</span> <code>%s</code></p>
<p><a href="/">返回首页</a> · <a href="/" lang="en">Start page</a></p>
</body>
</html>
`, status, words.zh, words.en, requestID)
	return c.HTML(status, page)
}
