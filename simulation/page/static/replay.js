// A recording of what was watched, and the file that plays it from disk with nothing else beside it.

const MOST_BYTES = 2_000_000; // of frames; a file has a third more

export class Recording {
  constructor() { this.clear(); }

  clear() { this.frames = []; this.bytes = 0; this.spacing = 1; this.count = 0; }

  // All mice of one moment; what lies after it was rewound and is dropped.
  add(moment) {
    const day = moment[0].header.day;
    while (this.frames.length && this.frames.at(-1).day >= day) this.bytes -= this.frames.pop().bytes;
    if (this.count++ % this.spacing) return;
    const bytes = moment.reduce((sum, frame) => sum + frame.buffer.byteLength, 0);
    this.frames.push({ day, bytes, buffers: moment.map((frame) => frame.buffer) });
    this.bytes += bytes;
    if (this.bytes > MOST_BYTES) {
      this.spacing *= 2;
      this.frames = this.frames.filter((_, number) => number % 2 === 0);
      this.bytes = this.frames.reduce((sum, frame) => sum + frame.bytes, 0);
    }
  }
}

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}

// JSON that may stand inside a script: no tag can be closed or opened by a name.
const inside = (value) => JSON.stringify(value).replace(/</g, "\\u003c").replace(/\u2028|\u2029/g, " ");

// Runs in the exported file.
function player(facts, series, frames) {
  const stage = document.getElementById("stage"), slide = document.getElementById("moment"), told = document.getElementById("told");
  const views = facts.mice.map((mouse) => new MouseView(stage, mouse, facts.curves, facts.organs)); // eslint-disable-line no-undef
  if (views.length === 2) { views[0].other = views[1]; views[1].other = views[0]; }
  const unpacked = frames.map(({ day, buffers }) => ({ day, parts: buffers.map((text) => decode(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer)) })); // eslint-disable-line no-undef
  slide.max = unpacked.length - 1;
  let playing = false;
  const show = (number) => {
    const { day, parts } = unpacked[number];
    views.forEach((view, which) => {
      const until = series[which].days.filter((d) => d <= day + 1e-9).length;
      view.days = series[which].days.slice(0, until);
      for (const name of Object.keys(view.values)) view.values[name] = series[which].values[name].slice(0, until);
      view.last = parts[which];
    });
    views.forEach((view) => view.draw());
    told.textContent = `day ${day.toFixed(1)}`;
    slide.value = number;
    document.body.dataset.shown = number;
  };
  const button = document.getElementById("play");
  const turn = () => {
    if (!playing) return;
    const next = Number(slide.value) + 1;
    if (next >= unpacked.length) { playing = false; button.textContent = "Play"; return; }
    show(next);
    setTimeout(() => requestAnimationFrame(turn), 50);
  };
  button.addEventListener("click", () => {
    playing = !playing; button.textContent = playing ? "Pause" : "Play";
    if (playing && Number(slide.value) >= unpacked.length - 1) show(0);
    requestAnimationFrame(turn);
  });
  slide.addEventListener("input", () => show(Number(slide.value)));
  addEventListener("resize", () => views.forEach((view) => view.draw()));
  show(0);
}

export function replay(recording, facts, views, { view, css }) {
  const series = views.map(({ days, values }) => ({ days, values }));
  const frames = recording.frames.map(({ day, buffers }) => ({ day, buffers: buffers.map(base64) }));
  const title = facts.mice.map((mouse) => mouse.arm).join(" and ");
  const safe = title.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>gutexo: ${safe}</title><link rel="icon" href="data:,"><style>${css}</style></head>
<body><header><h1>gutexo: ${safe}</h1>
<p>A recording. Simulated mice; nothing here speaks for people. Seed ${Number(facts.wish.seed)}.</p></header>
<main><div class="row"><button id="play" type="button">Play</button>
<label>Moment <output id="told" for="moment"></output><input id="moment" type="range" min="0" max="0" step="1" value="0"></label></div>
<section id="stage" aria-label="The mice"></section></main>
<script type="module">
${view}
${player.toString()}
player(${inside(facts)}, ${inside(series)}, ${inside(frames)});
</script></body></html>
`;
}
