// Lets somebody sign with finger, pen or mouse. Strokes are kept as points of a
// field 1000 wide and 600 high, whatever the screen; they are what is sent, and
// the server draws the picture of them.
"use strict";

document.querySelectorAll(".drawing").forEach((part) => {
  const wide = 1000, high = 600;
  const mostPoints = 6000, mostStrokes = 300; // more the server does not take
  const pad = part.querySelector(".pad"), canvas = pad.querySelector("canvas"), state = pad.querySelector("[role=status]");
  const box = part.querySelector("input[type=hidden]"), paint = canvas.getContext("2d");
  let strokes = [], holder = null;

  const read = (text) => text.split(";").map((s) => s.trim().split(/\s+/).map((p) => p.split(",").map(Number)))
    .filter((s) => s.every((p) => p.length === 2 && p.every(Number.isFinite)));
  const points = () => strokes.reduce((n, s) => n + s.length, 0);

  function line(stroke, from) {
    paint.lineWidth = 8;
    paint.lineCap = paint.lineJoin = "round";
    paint.strokeStyle = "#111";
    paint.beginPath();
    const [x, y] = stroke[Math.max(from - 1, 0)];
    paint.moveTo(x, y);
    for (const [px, py] of stroke.slice(from)) paint.lineTo(px, py);
    if (stroke.length === 1) paint.lineTo(x, y + 0.1);
    paint.stroke();
  }

  function show() {
    paint.clearRect(0, 0, wide, high);
    for (const s of strokes) line(s, 0);
    told();
  }

  function told() {
    box.value = strokes.map((s) => s.map((p) => p.join(",")).join(" ")).join(";");
    state.textContent = strokes.length ? pad.dataset.drawn.replace("{n}", strokes.length) : pad.dataset.blank;
  }

  function place(event) {
    const r = canvas.getBoundingClientRect();
    const at = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [at((event.clientX - r.left - canvas.clientLeft) / canvas.clientWidth * wide, wide),
      at((event.clientY - r.top - canvas.clientTop) / canvas.clientHeight * high, high)];
  }

  function add(event) {
    const stroke = strokes.at(-1), before = stroke.length;
    const parts = event.getCoalescedEvents?.() ?? [];
    for (const part of parts.length ? parts : [event]) {
      const next = place(part), last = stroke.at(-1);
      if (points() < mostPoints && Math.hypot(next[0] - last[0], next[1] - last[1]) >= 4) stroke.push(next);
    }
    if (stroke.length > before) line(stroke, before);
  }

  // One finger draws; a palm that lies down meanwhile does not.
  canvas.addEventListener("pointerdown", (event) => {
    if (holder !== null || event.button !== 0 || strokes.length >= mostStrokes || points() >= mostPoints) return;
    event.preventDefault();
    holder = event.pointerId;
    canvas.setPointerCapture(holder);
    strokes.push([place(event)]);
    line(strokes.at(-1), 0);
  });
  canvas.addEventListener("pointermove", (event) => { if (event.pointerId === holder) add(event); });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== holder) return;
      holder = null;
      told();
    });
  }
  pad.querySelector("button").addEventListener("click", () => { strokes = []; show(); });

  part.querySelector(".pad-off").hidden = true;
  pad.hidden = false;
  strokes = box.value ? read(box.value) : [];
  show();
});
