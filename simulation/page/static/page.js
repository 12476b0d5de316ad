// The controls: what a visitor asks for goes to the server, what comes back goes to the view.
import { Lesson } from "/static/lesson.js";
import { Recording, replay } from "/static/replay.js";
import { MouseView, decode } from "/static/view.js";

const $ = (id) => document.getElementById(id);
const VERSION = 1;
let views = [], facts = null, playing = false, sliders = [], defaultArm = "young + old exosomes", wanted = null;
const recording = new Recording();
let lesson = null;
let pending = [], drawing = false, frames = 0, stands = true;
window.gutexo = { get frames() { return frames; }, get stands() { return stands; }, get bands() { return views.filter((view) => view.band).length; } };

const socket = new WebSocket(`ws://${location.host}/live`);
socket.binaryType = "arraybuffer";
const send = (message) => { if (socket.readyState === 1) socket.send(JSON.stringify(message)); };
const say = (text, wrong = false) => { $("status").textContent = text; $("status").classList.toggle("wrong", wrong); };

function element(tag, text) { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; return e; }

// --- the link ------------------------------------------------------------------------------
function encodeLink(wish) {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: VERSION, ...wish }));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
function decodeLink(hash) {
  if (hash.length > 8000) throw new Error("too long");
  const bytes = Uint8Array.from(atob(hash.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const { v, ...wish } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (v !== VERSION) throw new Error("of another version");
  return wish;
}

// --- what is wished ------------------------------------------------------------------------
function wish() {
  const changes = {};
  for (const { facts: s, input } of sliders) {
    if (input.dataset.touched) changes[s.name] = input.dataset.exact ? Number(input.dataset.exact) : value(s, input);
  }
  return { arm: $("arm").value, beside: $("beside").value || null, seed: Number($("seed").value), full: $("full").checked, changes: { ...(wanted?.rest ?? {}), ...changes } };
}
// Sliders run on the logarithm: a factor is a step.
const value = (s, input) => Number((s.low > 0 ? Math.exp(Number(input.value)) : Number(input.value)).toPrecision(6));
const position = (s, v) => (s.low > 0 ? Math.log(v) : v);

function fill(from) {
  $("arm").value = from.arm;
  $("beside").value = from.beside ?? "";
  $("seed").value = from.seed;
  $("full").checked = from.full;
  const known = new Set(sliders.map(({ facts: s }) => s.name));
  wanted = { rest: Object.fromEntries(Object.entries(from.changes ?? {}).filter(([name]) => !known.has(name))) };
  for (const { facts: s, input, told } of sliders) {
    const given = from.changes?.[s.name];
    delete input.dataset.touched; delete input.dataset.exact;
    if (given !== undefined) { input.dataset.touched = "yes"; input.dataset.exact = given; }
    input.value = position(s, given ?? s.default);
    told.textContent = (given ?? s.default).toPrecision(3);
  }
}

function begin(what) {
  playing = false; controls();
  say("Raising the mouse.");
  send({ do: "begin", wish: what });
}

function hello(message) {
  const groups = {};
  for (const arm of message.arms) (groups[arm.study] ??= []).push(arm);
  const none = element("option", "nothing"); none.value = "";
  $("beside").append(none);
  for (const [study, arms] of Object.entries(groups)) {
    for (const select of [$("arm"), $("beside")]) {
      const group = element("optgroup"); group.label = study;
      for (const arm of arms) { const o = element("option", arm.name); o.value = arm.name; group.append(o); }
      select.append(group);
    }
  }
  for (const s of message.sliders) {
    const label = element("label"), input = element("input"), told = element("output"), small = element("small");
    const head = element("span", `${s.name} (${s.unit === "1" ? "no unit" : s.unit}) `);
    input.type = "range"; input.min = position(s, s.low); input.max = position(s, s.high); input.step = "any";
    input.setAttribute("aria-label", `${s.name}: ${s.meaning}`);
    head.append(told); small.textContent = `${s.meaning}. ${s.low.toPrecision(2)} to ${s.high.toPrecision(2)}; grade ${s.grade}, source ${s.source}.`;
    input.addEventListener("input", () => {
      input.dataset.touched = "yes"; delete input.dataset.exact;
      told.textContent = value(s, input).toPrecision(3);
      input.setAttribute("aria-valuetext", `${told.textContent} ${s.unit}`);
      say("Raise the mouse to see what this changes.");
    });
    label.append(head, input, small); $("sliders").append(label);
    sliders.push({ facts: s, input, told });
  }
  lesson = new Lesson($("lesson"), message.lesson, (wanted_) => { fill(wanted_); begin(wanted_); }, () => { $("speed").value = "6"; start(); });
  $("arm").disabled = $("beside").disabled = false;
  $("reset").disabled = false;
  const usual = { arm: defaultArm, beside: "young + vehicle", seed: 1, full: false, changes: {} };
  if (location.hash.length > 1) {
    try {
      const linked = { ...usual, ...decodeLink(location.hash.slice(1)) };
      begin(linked);
      return;
    } catch (error) { say("This link cannot be read; here is the usual mouse.", true); fill(usual); send({ do: "begin", wish: usual }); return; }
  }
  fill(usual); begin(usual);
}

function begun(message) {
  facts = message;
  fill(message.wish);
  $("stage").replaceChildren();
  recording.clear();
  views = message.mice.map((mouse) => new MouseView($("stage"), mouse, message.curves, message.organs));
  if (views.length === 2) { views[0].other = views[1]; views[1].other = views[0]; }
  views.forEach((view, which) => {
    view.gut.addEventListener("click", (event) => { const box = view.gut.getBoundingClientRect(); look(which, view.at(event.clientX - box.left, event.clientY - box.top)); });
    view.gut.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      view.segment = Math.min(Math.max((view.segment ?? 0) + move, 0), view.facts.segments - 1);
      look(which, { kind: "segment", index: 0, along: (view.segment + 0.5) / view.facts.segments });
    });
  });
  $("day").max = Math.max(...message.mice.map((m) => m.duration));
  for (const id of ["play", "step", "day", "share", "csv", "png", "html"]) $(id).disabled = false;
  const redrawn = message.mice.reduce((sum, m) => sum + m.redraws, 0);
  say(`Day 0 of ${message.mice.map((m) => m.arm).join(" and ")}.${redrawn ? ` ${redrawn} mice died on the way and were drawn again.` : ""}`);
  $("link").textContent = "";
  controls();
  lesson.begun(message.wish);
}

function start() {
  playing = true; stands = false; controls(); say("");
  send({ do: "play", speed: Number($("speed").value) });
}

const look = (which, what) => send({ do: "look", which, ...what });

// --- frames --------------------------------------------------------------------------------
// A frame is drawn when the browser draws, and only then asked for the next: nothing queues.
function paint() {
  drawing = false;
  const last = pending.at(-1);
  // The mice of one moment come one after the other; none is drawn before all are there.
  if (last && pending.filter(({ header }) => header.frame === last.header.frame).length < views.length) return;
  for (const frame of pending) { const view = views[frame.header.which]; if (view) view.take(frame); }
  const moment = pending.slice(-views.length);
  if (moment.length === views.length && views.length) recording.add(moment);
  pending = [];
  for (const view of views) view.draw();
  if (!last) return;
  frames += 1;
  const { day } = last.header;
  $("shown_day").textContent = Math.floor(day);
  if (document.activeElement !== $("day")) $("day").value = Math.floor(day);
  send({ do: "drawn", frame: last.header.frame });
  if (!playing) listen();
}

function listen() { send({ do: "hear", which: 0 }); }

function heard({ signals }) {
  const table = element("table"), head = element("tr");
  for (const name of ["organ", "hears", "from", "how much", "which"]) { const th = element("th", name); th.scope = "col"; head.append(th); }
  table.append(head);
  for (const s of signals) {
    const row = element("tr");
    for (const text of [s.listener, s.signal, s.origin, `${s.level.toPrecision(3)} ${s.unit.startsWith("of") ? `x that ${s.unit}` : s.unit}`, s.effect]) row.append(element("td", text));
    table.append(row);
  }
  $("heard").replaceChildren(table);
}

function seen({ name, states }) {
  const listed = Object.entries(states).map(([key, level]) => `${key} ${Number(level.toPrecision(3))}`);
  $("seen").textContent = `${name}: ${listed.join(", ")}`;
}

function controls() {
  $("play").textContent = playing ? "Pause" : "Play";
  $("play").setAttribute("aria-pressed", playing);
}

function offer(name, blob) {
  const link = element("a");
  link.href = URL.createObjectURL(blob); link.download = name;
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// --- events --------------------------------------------------------------------------------
socket.addEventListener("message", ({ data }) => {
  if (typeof data !== "string") {
    pending.push({ ...decode(data), buffer: data });
    if (!drawing) { drawing = true; requestAnimationFrame(paint); }
    return;
  }
  const message = JSON.parse(data);
  const acts = {
    hello, begun, heard, seen,
    raising: ({ line }) => say(`${line[0].toUpperCase()}${line.slice(1)}.`),
    paused: ({ over }) => { playing = false; stands = true; controls(); if (over) { say("The scenario is over."); lesson.over(views); } listen(); },
    band: ({ mice, arms }) => { views.forEach((view, which) => { view.band = { mice, ...arms[which] }; view.draw(); }); },
    error: ({ line }) => say(line, true),
    csv: ({ text }) => offer("trajectories.csv", new Blob([text], { type: "text/csv" })),
  };
  acts[message.about]?.(message);
});
socket.addEventListener("close", () => { playing = false; controls(); say("The model has gone. Start gutexo page again and reload.", true); });

$("reset").addEventListener("click", () => begin(wish()));
$("play").addEventListener("click", () => {
  if (!playing) return start();
  playing = false; controls();
  send({ do: "pause" });
});
$("step").addEventListener("click", () => { playing = false; controls(); send({ do: "step" }); });
$("speed").addEventListener("change", () => send({ do: "speed", speed: Number($("speed").value) }));
$("day").addEventListener("change", () => { playing = false; controls(); send({ do: "rewind", day: Number($("day").value) }); });
$("share").addEventListener("click", async () => {
  const address = `${location.origin}/#${encodeLink(facts.wish)}`;
  history.replaceState(null, "", address);
  $("link").textContent = address;
  try { await navigator.clipboard.writeText(address); say("The link is copied."); } catch { say("The link stands below."); }
});
$("csv").addEventListener("click", () => send({ do: "csv" }));
$("png").addEventListener("click", () => views[0].picture().toBlob((blob) => offer("mouse.png", blob)));
$("html").addEventListener("click", async () => {
  const text = await replay(recording, facts, views);
  offer("mouse.html", new Blob([text], { type: "text/html" }));
});
addEventListener("resize", () => views.forEach((view) => view.draw()));
