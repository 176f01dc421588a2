// Gives the words of the house that are left in Chinese on an English page.
// Names, numbers of cases and what people wrote are data and not the house's:
// they are taken out before the look, wherever they stand.
(written) => {
  const house = "nav, button, h2, h3, h4, label, legend, summary, th, dt, caption, .help, .pill, .notice-title, .lead, .account small, .footer, .demo, .skip";
  const data = "[lang^=zh], option, th[scope=row] a, th[scope=row] small, .person-name, .point h3, .record > h3, .masked, .places strong";
  const number = /[\u3400-\u9fff]+〔\d{4}〕第?\d+号/g;
  const han = /[\u3400-\u9fff]/;
  const left = new Set();
  const judge = (kind, text) => {
    let rest = text.replace(number, "");
    for (const w of written) rest = rest.replaceAll(w, "");
    if (han.test(rest)) left.add(kind + ": " + text.replace(/\s+/g, " ").trim().slice(0, 160));
  };
  for (const e of document.querySelectorAll(house)) {
    if (e.closest(data)) continue;
    const copy = e.cloneNode(true);
    copy.querySelectorAll(data).forEach((d) => d.remove());
    judge(e.tagName.toLowerCase(), copy.textContent);
  }
  judge("title", document.title);
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const e of document.querySelectorAll("[" + name + "]")) {
      if (!e.closest(data)) judge(name, e.getAttribute(name));
    }
  }
  return Array.from(left);
}
