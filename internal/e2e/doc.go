// Package e2e proves the very program that ships in a real browser, on a screen
// 360 pixels wide: it is built, started as a demonstration, used by clicks and
// keys alone, and stopped.
//
// What the other tests cannot see is looked at here on every page on the way:
// nothing is wider than the screen, nothing is left untranslated, nothing is
// fetched from elsewhere, the console stays silent, and axe finds no barrier.
//
// The tests need Chromium and PostgreSQL. Without them they skip aloud; with
// REQUIRE_BROWSER=1 and REQUIRE_POSTGRES=1, as in continuous integration, they
// fail instead.
package e2e
