// Brings the first element a selector finds into view and says where to point
// at it: a box or a ring at its label, since the words are what people press.
(selector) => {
  const it = document.querySelector(selector);
  if (!it) return { error: "there is none" };
  const choice = it.type === "checkbox" || it.type === "radio";
  const label = it.labels && it.labels[0];
  const target = choice && label ? label : it;
  target.scrollIntoView({ block: "center", behavior: "instant" });
  const box = target.getBoundingClientRect();
  const view = it.ownerDocument.defaultView;
  const style = view.getComputedStyle(target);
  if (!box.width || !box.height || style.visibility === "hidden") return { error: "it cannot be seen" };
  if (it.disabled) return { error: "it is disabled" };
  const x = choice ? box.left + Math.min(24, box.width / 2) : box.left + box.width / 2;
  const y = box.top + box.height / 2;
  if (x < 0 || x > view.innerWidth || y < 0 || y > view.innerHeight) return { error: "it lies outside the screen at " + x + ", " + y };
  const top = document.elementFromPoint(x, y);
  if (!target.contains(top) && !(label && label.contains(top))) {
    return { error: "it is covered by " + (top ? top.outerHTML.slice(0, 120) : "nothing") };
  }
  const options = it.options ? Array.from(it.options, (o) => o.value) : [];
  return { x, y, tag: it.tagName.toLowerCase(), type: it.type || "", value: it.value || "", checked: !!it.checked, options,
    held: document.activeElement === it };
}
