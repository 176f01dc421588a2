// Package templates holds what people see and read: the frame of the pages,
// the pages themselves, the style sheet, the message catalogues, the texts of
// notices and the forms that are printed. It is data with one embed; the rules
// for whoever edits it stand in README.md of this folder.
package templates

import "embed"

// FS is the whole tree, rooted at this folder ("layout/base.html",
// "locale/zh-CN/common.json", "static/app.css", ...).
//
//go:embed layout partials pages static locale notices wording print deploy news.txt
var FS embed.FS

// Fonts are the cuts the papers are set in ("fonts/serif.ttf", ...); their
// licence stands beside them.
//
//go:embed fonts
var Fonts embed.FS
