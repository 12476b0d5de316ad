// The controls: what a visitor asks for goes down the line to the mice, what comes back goes to the
// view. The line is a socket on the page and a widget's channel in a notebook.
import { AgentPanel } from "/static/agent.js";
import { bytesOf, element, offer, table } from "/static/dom.js";
import { Form } from "/static/form.js";
import { Lesson } from "/static/lesson.js";
import { decodeLink, encodeLink } from "/static/link.js";
import { Recording, replay } from "/static/replay.js";
import { MouseView, beside, decode } from "/static/view.js";

const USUAL = { arm: "young + old exosomes", beside: "young + vehicle", seed: 1, full: false, changes: {} };
const CALM = 500; // ms between two pictures where reduced motion is asked for
const LOOK_AGAIN = 15; // frames

// root: where the elements of index.html stand, the document or a shadow root.
// line: { send(message), onMessage(callback), onClose(callback) }.
// place: { link: fragment of a share link or "", wish, give(fragment): text to show, sources(): view and css }.
export function mount(root, line, place) {
  const $ = (id) => root.getElementById(id);
  const usual = { ...USUAL, ...(place.wish ?? {}) };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const recording = new Recording();
  const panel = new AgentPanel($("seen"));
  const form = new Form($, () => say("Raise the mouse to see what this changes."));
  const seen = { frames: 0, stands: true, get bands() { return views.filter((view) => view.band).length; }, get views() { return views; } };
  let views = [], facts = null, playing = false, lesson = null, pending = [], drawing = false;
  let linked = false, note = ""; // Whether a link's mouse is being raised; what to say of it while it stands.

  const send = (message) => line.send(message);
  function say(text, wrong = false) { $("status").textContent = text; $("status").classList.toggle("wrong", Boolean(wrong)); }
  function controls() {
    $("play").textContent = playing ? "Pause" : "Play";
    $("play").setAttribute("aria-pressed", playing);
  }

  // --- mice --------------------------------------------------------------------------------
  function begin(wish, told = "") {
    playing = false; controls();
    linked = false; note = told;
    say(`${note}Raising the mouse.`, note);
    send({ do: "begin", wish });
  }

  function hello(message) {
    if (lesson) return; // A second view of the same widget said hello.
    performance.mark("gutexo hello");
    form.build(message);
    lesson = new Lesson($("lesson"), message.lesson, (wish) => { form.fill(wish); begin(wish); }, () => { $("speed").value = "6"; start(); });
    $("reset").disabled = $("another").disabled = false;
    if (calm.matches) $("speed").value = "24";
    if (!place.link) { form.fill(usual); return begin(usual); }
    try {
      const wish = { ...USUAL, ...decodeLink(place.link) };
      form.fill(wish); begin(wish);
      linked = true;
    } catch ({ message: wrong }) { broken(wrong); }
  }

  // A link of which no mouse comes: say why, and show one that is there.
  function broken(wrong) {
    form.fill(usual);
    begin(usual, `This link is broken: ${wrong.replace(/\.$/, "")}. Here is the usual mouse. `);
  }

  function begun(message) {
    facts = message; linked = false;
    form.fill(message.wish);
    $("stage").replaceChildren();
    $("seen").replaceChildren();
    panel.pin = null;
    recording.clear();
    views = message.mice.map((mouse) => new MouseView($("stage"), mouse, message.curves, message.organs));
    if (views.length === 2) { views[0].other = views[1]; views[1].other = views[0]; }
    views.forEach(watch);
    enlarge();
    $("day").max = Math.max(...message.mice.map((m) => m.duration));
    for (const id of ["play", "step", "day", "share", "csv", "png", "gif", "html"]) $(id).disabled = false;
    // Two mice of one age are the same animal.
    const redrawn = [...new Map(message.mice.map((m) => [m.age, m.redraws])).values()].reduce((sum, n) => sum + n, 0);
    say(`${note}Day 0 of ${message.mice.map((m) => m.arm).join(" and ")}.${redrawn ? ` Before day 0, ${redrawn === 1 ? "one mouse" : `${redrawn} mice`} died and ${redrawn === 1 ? "was" : "were"} drawn again.` : ""}`, note);
    $("link").textContent = "";
    controls();
    lesson?.begun(message.wish);
  }

  function start() {
    playing = true; seen.stands = false; controls(); say(calm.matches ? "Two pictures a second: your system asks for less motion." : "");
    send({ do: "play", speed: Number($("speed").value) });
  }

  // --- agents ------------------------------------------------------------------------------
  const look = (which, what) => send({ do: "look", which, ...what });

  function watch(view, which) {
    view.gut.addEventListener("click", (event) => {
      const box = view.gut.getBoundingClientRect();
      look(which, view.at(event.clientX - box.left, event.clientY - box.top));
    });
    view.gut.addEventListener("pointermove", (event) => {
      const box = view.gut.getBoundingClientRect();
      view.hover(event.clientX - box.left, event.clientY - box.top);
    });
    view.gut.addEventListener("pointerleave", () => view.hover(null));
    view.gut.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
      if (move === undefined) return;
      event.preventDefault();
      view.segment = Math.min(Math.max((view.segment ?? 0) + move, 0), view.facts.segments - 1);
      look(which, { kind: "segment", index: view.segment });
    });
  }

  function pinned(message) {
    const told = panel.show(message, facts.mice[message.which].arm);
    views.forEach((view, which) => view.pinned(which === message.which ? panel.pin : null, told));
  }

  function gone(message) {
    panel.gone(message.line);
    for (const view of views) view.pinned(null, "");
  }

  function heard({ signals }) {
    const names = facts.mice.map((mouse) => mouse.arm);
    const rows = signals.map((s) => [s.listener, s.signal, s.origin, ...s.level.map((level) => level.toPrecision(3)), s.unit.startsWith("of") ? `times that ${s.unit}` : s.unit, s.effect]);
    $("heard").replaceChildren(table(["organ", "hears", "from", ...names, "measured in", "what it does"], rows));
  }

  // --- frames ------------------------------------------------------------------------------
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
    if (!seen.frames) performance.mark("gutexo first picture");
    seen.frames += 1;
    const { day, frame } = last.header;
    $("shown_day").textContent = Math.floor(day);
    if (root.activeElement !== $("day")) $("day").value = Math.floor(day);
    if (playing && calm.matches) setTimeout(() => send({ do: "drawn", frame }), CALM);
    else send({ do: "drawn", frame });
    if (!playing) send({ do: "hear" });
    if (panel.pin && (!playing || seen.frames % LOOK_AGAIN === 0)) look(panel.pin.which, panel.pin);
  }

  function over() {
    say("The scenario is over.");
    lesson.over(views);
  }

  const acts = {
    hello, begun, heard, gone,
    seen: pinned,
    progress: ({ line: text }) => say(`${note}${text[0].toUpperCase()}${text.slice(1)}.`, note),
    paused: (message) => { playing = false; seen.stands = true; controls(); if (message.over) over(); send({ do: "hear" }); },
    band: ({ mice, arms }) => views.forEach((view, which) => { view.band = { mice, ...arms[which] }; view.draw(); }),
    error: ({ line: text, do: asked }) => (linked && asked === "begin" ? broken(text) : say(text, true)),
    csv: ({ text }) => offer("trajectories.csv", new Blob([text], { type: "text/csv" })),
    gif: ({ content }) => { offer("mouse.gif", new Blob([bytesOf(content)], { type: "image/gif" })); say("The GIF is drawn."); },
  };
  line.onMessage((message) => {
    if (!(message instanceof ArrayBuffer)) return acts[message.about]?.(message);
    pending.push({ ...decode(message), buffer: message });
    if (!drawing) { drawing = true; requestAnimationFrame(paint); }
  });
  line.onClose(() => { playing = false; controls(); say("The model has gone. Start gutexo page again and reload.", true); });

  // --- controls ----------------------------------------------------------------------------
  function enlarge() {
    const large = $("large").checked;
    $("all").classList.toggle("large", large);
    for (const view of views) { view.type = large ? 1.4 : 1; view.draw(); }
  }

  $("reset").addEventListener("click", () => begin(form.wish()));
  $("another").addEventListener("click", () => { $("seed").value = Number($("seed").value) + 1; begin(form.wish()); });
  $("play").addEventListener("click", () => {
    if (!playing) return start();
    playing = false; controls();
    send({ do: "pause" });
  });
  $("step").addEventListener("click", () => { playing = false; controls(); send({ do: "step" }); });
  $("speed").addEventListener("change", () => send({ do: "speed", speed: Number($("speed").value) }));
  $("day").addEventListener("change", () => { playing = false; controls(); send({ do: "rewind", day: Number($("day").value) }); });
  $("large").addEventListener("change", enlarge);
  $("share").addEventListener("click", async () => {
    const text = place.give(encodeLink(facts.wish));
    $("link").textContent = text;
    try { await navigator.clipboard.writeText(text); say("The link is copied."); } catch { say("The link stands below."); }
  });
  $("csv").addEventListener("click", () => send({ do: "csv" }));
  $("png").addEventListener("click", () => beside(views).toBlob((blob) => offer("mouse.png", blob)));
  $("gif").addEventListener("click", () => { say("Drawing the GIF."); send({ do: "gif" }); });
  $("html").addEventListener("click", async () => {
    const text = replay(recording, facts, views, await place.sources());
    offer("mouse.html", new Blob([text], { type: "text/html" }));
  });
  const resized = new ResizeObserver(() => views.forEach((view) => view.draw()));
  resized.observe($("stage"));
  return { seen, leave() { resized.disconnect(); if (playing) send({ do: "pause" }); } };
}
