// Looks at a page as a stranger on a small phone would.
() => {
  const root = document.documentElement;
  const wide = Array.from(document.body.querySelectorAll("*"))
    .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5)
    .slice(0, 3)
    .map((e) => e.outerHTML.slice(0, 160));
  const missing = root.outerHTML.match(/⟦[^⟧]*⟧/g) || [];
  const nameless = Array.from(document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea"))
    .filter((e) => !e.closest("[aria-hidden=true]"))
    .filter((e) => !(e.labels && e.labels.length) && !(e.textContent || "").trim() && !e.getAttribute("aria-label"))
    .map((e) => e.outerHTML.slice(0, 160));
  return {
    url: location.pathname + location.search, title: document.title, lang: root.lang, width: root.scrollWidth, wide, missing, nameless,
    headings: document.querySelectorAll("h1").length,
    fault: Array.from(document.querySelectorAll("#summary, .error-page"), (e) => e.textContent.replace(/\s+/g, " ").trim()).join(" "),
  };
}
