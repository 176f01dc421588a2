// Improves pages that work without it: keeps drafts, stops a form from being
// sent twice, prints, and leaves without a trace in the way back.
"use strict";

const pause = 4000; // ms of quiet before a draft is kept

function draftOf(form) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const box = form.elements.namedItem(name);
    if (typeof value === "string" && !(box instanceof HTMLInputElement && box.type === "password")) {
      body.append(name, value);
    }
  }
  return body.toString();
}

function clock() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
}

function autosave(form) {
  const state = form.querySelector(".form-state");
  const say = (text) => { if (state) state.textContent = text; };
  let kept = draftOf(form);
  let timer = 0;
  async function keep() {
    clearTimeout(timer);
    const body = draftOf(form);
    if (body === kept || form.dataset.sent) return;
    kept = body;
    say(form.dataset.saving);
    try {
      const answer = await fetch("/drafts/" + encodeURIComponent(form.dataset.autosave), {
        method: "POST", body, keepalive: body.length < 60000, credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      say(form.dataset.saved.replace("{time}", clock()));
    } catch {
      if (kept === body) kept = ""; // so that the next pause tries again
      say(form.dataset.failed);
    }
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, pause); });
  form.addEventListener("focusout", keep);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}

// Buttons are not disabled, since a disabled button's value is not sent.
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.method === "get") return;
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
    const state = form.querySelector(".form-state");
    if (state && form.dataset.once) state.textContent = form.dataset.once;
  });
}

function leaving(form) {
  form.addEventListener("submit", (event) => {
    if (!form.dataset.leave) return;
    event.preventDefault();
    fetch(form.action, { method: "POST", keepalive: true, credentials: "same-origin" })
      .catch(() => {})
      .finally(() => location.replace(form.dataset.leave));
    document.body.replaceChildren();
  });
}

document.querySelectorAll("form[data-autosave]").forEach(autosave);
document.querySelectorAll("form[method=post]:not(.leave)").forEach(once);
document.querySelectorAll("form.leave").forEach(leaving);
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.getElementById("summary")?.focus();

// A page that comes back from the browser's memory may send again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    const state = form.querySelector(".form-state");
    if (state) state.textContent = "";
  }
});
