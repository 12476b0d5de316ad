// Draws a mouse: its gut unrolled, its organs, its curves. It knows nothing of sockets.

// As in the figures of this package.
export const CLASSES = [
  { name: "barrier cargo", color: "#D55E00", shape: "square" },
  { name: "inflammatory cargo", color: "#E69F00", shape: "triangle" },
  { name: "lipid cargo", color: "#CC79A7", shape: "diamond" },
  { name: "protective cargo", color: "#009E73", shape: "circle" },
  { name: "empty", color: "#4d4d4d", shape: "ring" },
];
const PLASMA = 4;
// Top and bottom of each place in the picture of the gut, as shares of its height.
const BANDS = [[0.03, 0.42], [0.42, 0.53], [0.53, 0.69], [0.69, 0.97]];
const BAND_NAMES = ["lumen", "mucus", "epithelium", "lamina propria"];
const ENTEROCYTE = 0, MACROPHAGE = 1;
const FONT = "system-ui, 'DejaVu Sans', sans-serif";

export function decode(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const arrays = {};
  let offset = 4 + size;
  for (const [name, type, length] of header.arrays) {
    const Kind = type === "Uint16Array" ? Uint16Array : Uint8Array;
    arrays[name] = new Kind(buffer, offset, length);
    offset += Math.ceil((length * Kind.BYTES_PER_ELEMENT) / 8) * 8;
  }
  return { header, arrays };
}

// Open junctions are light, closed ones dark: it reads without colour too.
export function wallColor(closed) {
  const stops = [[253, 231, 120], [122, 174, 160], [33, 73, 117]];
  const x = Math.min(Math.max(closed, 0), 1) * 2;
  const low = stops[Math.min(Math.floor(x), 1)], high = stops[Math.min(Math.floor(x), 1) + 1];
  const part = x - Math.min(Math.floor(x), 1);
  return `rgb(${low.map((c, i) => Math.round(c + (high[i] - c) * part)).join(",")})`;
}

function trace(g, shape, x, y, r) {
  g.beginPath();
  if (shape === "triangle") { g.moveTo(x, y - r); g.lineTo(x + r, y + r); g.lineTo(x - r, y + r); g.closePath(); }
  else if (shape === "diamond") { g.moveTo(x, y - r); g.lineTo(x + r, y); g.lineTo(x, y + r); g.lineTo(x - r, y); g.closePath(); }
  else if (shape === "square") g.rect(x - r * 0.85, y - r * 0.85, 1.7 * r, 1.7 * r);
  else g.arc(x, y, r * 0.95, 0, 2 * Math.PI);
}

export function stamp(kind, given, r, scale = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil((2 * r + 4) * scale);
  const g = canvas.getContext("2d");
  g.scale(scale, scale);
  const { color, shape } = CLASSES[kind];
  trace(g, shape, r + 2, r + 2, r);
  if (shape === "ring") { g.strokeStyle = color; g.lineWidth = 1.2; g.stroke(); }
  else { g.fillStyle = color; g.fill(); }
  if (given) { g.strokeStyle = "#000"; g.lineWidth = 1.1; g.stroke(); }
  return canvas;
}

const scatter = (id) => ((id * 40503) & 0xffff) / 65536;
const mixed = (n) => { let x = Math.imul(n + 1, 0x9e3779b1); x = Math.imul(x ^ (x >>> 15), 0x85ebca6b); return ((x ^ (x >>> 13)) >>> 0) / 4294967296; };

function fitted(canvas, height) {
  const scale = Math.min(window.devicePixelRatio || 1, 2);
  const width = Math.max(canvas.clientWidth, 200);
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = `${height}px`;
  }
  const g = canvas.getContext("2d");
  g.setTransform(scale, 0, 0, scale, 0, 0);
  g.clearRect(0, 0, width, height);
  return { g, width, height, scale };
}

export class MouseView {
  constructor(host, facts, curves, organs) {
    this.facts = facts; this.curves = curves; this.organs = organs;
    this.days = []; this.values = Object.fromEntries(curves.map(([name]) => [name, []]));
    this.last = null; this.places = []; this.stamps = null;
    const figure = document.createElement("div");
    figure.className = "mouse";
    const title = document.createElement("h3");
    title.textContent = facts.arm;
    this.gut = document.createElement("canvas");
    this.body = document.createElement("canvas");
    this.plot = document.createElement("canvas");
    for (const [canvas, label] of [[this.gut, "the gut unrolled"], [this.body, "the organs"], [this.plot, "the curves"]]) {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${facts.arm}: ${label}`);
    }
    this.gut.tabIndex = 0;
    figure.append(title, this.gut, this.legend(), this.body, this.plot);
    host.append(figure);
  }

  legend() {
    const list = document.createElement("ul");
    list.className = "legend";
    const add = (text, canvas) => {
      const item = document.createElement("li");
      if (canvas) item.append(canvas);
      item.append(text);
      list.append(item);
    };
    CLASSES.forEach((kind, number) => add(kind.name, stamp(number, false, 5, 1)));
    add("black rim: given in a dose", stamp(3, true, 5, 1));
    add("wall: dark is closed, light is open; crossed cells are senescent");
    add("discs below: macrophages, larger and redder when activated");
    return list;
  }

  // Keeps what is new of the record; a frame that begins earlier has been rewound.
  take({ header, arrays }) {
    const { first } = header;
    this.days.length = first;
    this.days.push(...header.days);
    for (const [name, values] of Object.entries(header.curves)) {
      this.values[name].length = first;
      this.values[name].push(...values);
    }
    this.last = { header, arrays };
  }

  draw() {
    if (!this.last) return;
    this.drawGut();
    this.drawBody();
    this.drawCurves();
    const { header } = this.last;
    const told = this.curves.map(([name, unit]) => {
      const series = this.values[name];
      return `${name} ${series.at(-1)?.toPrecision(3)} ${unit === "1" ? "" : unit}`;
    });
    this.plot.setAttribute("aria-label", `${this.facts.arm}, day ${Math.floor(header.day)}: ${told.join(", ")}`);
  }

  drawGut() {
    const { arrays, header } = this.last;
    const { g, width, height, scale } = fitted(this.gut, Math.max(220, Math.min(360, this.gut.clientWidth * 0.32)));
    const left = width > 560 ? 96 : 8, span = width - left - 8;
    const x = (along) => left + along * span;
    const segments = arrays.junction.length;
    const fills = ["#fbf6ee", "#eef5f0", null, "#f7eef1"];
    BANDS.forEach(([top, bottom], place) => {
      if (fills[place]) { g.fillStyle = fills[place]; g.fillRect(left, top * height, span, (bottom - top) * height); }
    });
    const [top, bottom] = BANDS[2].map((share) => share * height);
    for (let s = 0; s < segments; s++) {
      g.fillStyle = wallColor(arrays.junction[s] / 255);
      g.fillRect(x(s / segments), top, span / segments + 0.5, bottom - top);
      const bare = arrays.bare[s] / 255;
      if (bare > 0.01) { g.fillStyle = "#fff"; g.fillRect(x(s / segments), top, (span / segments) * bare, bottom - top); }
    }
    this.drawCells(g, x, height, span, segments);
    this.drawExosomes(g, x, height, scale);
    g.fillStyle = "#1a1a1a"; g.font = `12px ${FONT}`; g.textBaseline = "middle";
    if (left > 50) BANDS.forEach(([a, b], place) => g.fillText(BAND_NAMES[place], 4, ((a + b) / 2) * height));
    g.strokeStyle = "#5f5f5f"; g.setLineDash([4, 3]);
    let start = 0;
    for (const [name, end] of this.facts.regions) {
      if (end < 1) { g.beginPath(); g.moveTo(x(end), 0); g.lineTo(x(end), height); g.stroke(); }
      const wide = g.measureText(name).width;
      if (wide < (end - start) * span - 6) {
        g.fillStyle = "rgba(255,255,255,0.8)"; g.fillRect(x(start) + 3, 2, wide + 4, 15);
        g.fillStyle = "#1a1a1a"; g.fillText(name, x(start) + 5, 10);
      }
      start = end;
    }
    g.setLineDash([]);
    this.gut.setAttribute("aria-label",
      `${this.facts.arm}: the gut unrolled on day ${Math.floor(header.day)}, ${arrays.exosome_id.length} exosomes shown`);
  }

  drawCells(g, x, height, span, segments) {
    const { arrays } = this.last;
    const wall = (BANDS[2][0] + BANDS[2][1]) / 2 * height;
    const below = BANDS[3][0] * height;
    const count = arrays.cell_kind.length;
    for (let i = 0; i < count; i++) {
      const kind = arrays.cell_kind[i];
      if (kind > MACROPHAGE) break;
      const cx = x(arrays.cell_along[i] / 65535);
      if (kind === ENTEROCYTE) {
        if (!arrays.cell_senescent[i]) continue;
        g.strokeStyle = "#000"; g.lineWidth = 1.6;
        g.beginPath(); g.moveTo(cx - 3, wall - 3); g.lineTo(cx + 3, wall + 3);
        g.moveTo(cx + 3, wall - 3); g.lineTo(cx - 3, wall + 3); g.stroke();
      } else {
        const level = Math.min(1, (arrays.cell_level[i] / 255) * 2);
        g.beginPath();
        g.arc(cx, below + (0.25 + 0.6 * mixed(i)) * (BANDS[3][1] - BANDS[3][0]) * height, 2 + 4 * level, 0, 2 * Math.PI);
        g.fillStyle = `rgb(${Math.round(150 + 63 * level)},${Math.round(150 - 56 * level)},${Math.round(150 - 150 * level)})`;
        g.fill(); g.strokeStyle = "#444"; g.lineWidth = 0.7; g.stroke();
      }
    }
    g.lineWidth = 1;
  }

  drawExosomes(g, x, height, scale) {
    const { arrays } = this.last;
    if (!this.stamps || this.stamps.scale !== scale) {
      this.stamps = CLASSES.map((_, kind) => [stamp(kind, false, 2.6, scale), stamp(kind, true, 2.6, scale)]);
      this.stamps.scale = scale;
    }
    this.places = [];
    const size = this.stamps[0][0].width / scale;
    for (let i = 0; i < arrays.exosome_id.length; i++) {
      const place = arrays.exosome_place[i];
      if (place >= PLASMA) continue;
      const [top, bottom] = BANDS[place];
      const px = x(arrays.exosome_along[i] / 65535);
      const py = (top + (0.06 + 0.88 * scatter(arrays.exosome_id[i])) * (bottom - top)) * height;
      g.drawImage(this.stamps[arrays.exosome_class[i]][arrays.exosome_given[i]], px - size / 2, py - size / 2, size, size);
      this.places.push(px, py, i);
    }
  }

  drawBody() {
    const { header, arrays } = this.last;
    const names = this.organs;
    const columns = this.body.clientWidth < 480 ? 2 : this.body.clientWidth < 800 ? 3 : names.length;
    const { g, width } = fitted(this.body, 112 * Math.ceil(names.length / columns));
    const step = width / columns;
    let blood = 0, tissue = 0;
    for (const place of arrays.exosome_place) { if (place === PLASMA) blood++; else if (place > PLASMA) tissue++; }
    g.textAlign = "center"; g.textBaseline = "alphabetic";
    names.forEach(([organ, readout], number) => {
      const [was, is] = header.organs[organ];
      const cx = step * ((number % columns) + 0.5), wide = step - 10, y0 = 112 * Math.floor(number / columns);
      const change = was ? Math.log2(is / was) : 0;
      // More TNF is worse; less of all others is.
      const worse = organ === "blood" ? change : -change;
      const tone = Math.min(Math.abs(worse) * 1.6, 1);
      g.fillStyle = Math.abs(change) < 0.015 ? "#f0f0f0" : worse > 0 ? `rgba(213,94,0,${0.12 + 0.6 * tone})` : `rgba(0,114,178,${0.12 + 0.6 * tone})`;
      g.beginPath(); g.roundRect(cx - wide / 2, y0 + 8, wide, 96, 10); g.fill();
      g.strokeStyle = "#444"; g.stroke();
      g.fillStyle = "#000";
      const clip = (text, y, font) => {
        g.font = font;
        while (text.length > 3 && g.measureText(text).width > wide - 6) text = `${text.slice(0, -2)}…`;
        g.fillText(text, cx, y0 + y);
      };
      clip(organ, 26, `600 13px ${FONT}`);
      clip(readout, 44, `11px ${FONT}`);
      clip(`${is.toPrecision(3)}`, 64, `600 14px ${FONT}`);
      const arrow = Math.abs(change) < 0.015 ? "=" : change > 0 ? "▲" : "▼";
      clip(`${arrow} x ${(was ? is / was : 1).toFixed(2)}`, 82, `12px ${FONT}`);
      if (organ === "blood") clip(`${blood + tissue} exosomes here`, 98, `11px ${FONT}`);
    });
    g.textAlign = "start";
  }

  drawCurves() {
    const narrow = this.plot.clientWidth < 640;
    const columns = narrow ? 1 : Math.min(this.curves.length, 3);
    const rows = Math.ceil(this.curves.length / columns);
    const { g, width } = fitted(this.plot, rows * 130);
    const end = Math.max(this.facts.duration, 1);
    const room = rows * columns > this.curves.length && !narrow;
    if (room) {
      const x0 = ((columns - 1) * width) / columns + 20, y0 = (rows - 1) * 130 + 30;
      const told = [["#005a8f", [], this.facts.arm], ["#D55E00", [2, 4], "doses"]];
      if (this.other) told.splice(1, 0, ["#5f5f5f", [5, 4], this.other.facts.arm]);
      if (this.band) told.push(["#56B4E9", [], `band: ${this.band.mice} such mice, mean ± SD`]);
      told.forEach(([color, dash, text], i) => {
        g.strokeStyle = color; g.lineWidth = 2; g.setLineDash(dash); g.beginPath();
        g.moveTo(x0, y0 + 20 * i); g.lineTo(x0 + 26, y0 + 20 * i); g.stroke(); g.setLineDash([]);
        g.fillStyle = "#1a1a1a"; g.font = `12px ${FONT}`; g.textBaseline = "middle"; g.fillText(text, x0 + 34, y0 + 20 * i);
      });
    }
    this.curves.forEach(([name, unit], number) => {
      const x0 = (number % columns) * (width / columns) + 50, y0 = Math.floor(number / columns) * 130 + 24;
      const w = width / columns - 64, h = 74;
      const series = this.values[name];
      const beside = this.other?.values[name] ?? [];
      const around = this.band ? [...this.band.low[name], ...this.band.high[name]].filter((value) => value !== null) : [];
      let low = Math.min(...series, ...beside, ...around), high = Math.max(...series, ...beside, ...around);
      const pad = Math.max((high - low) * 0.12, Math.abs(high) * 0.04, 1e-9);
      low -= pad; high += pad;
      const x = (day) => x0 + (day / end) * w, y = (value) => y0 + h - ((value - low) / (high - low)) * h;
      if (this.band) {
        const { days } = this.band, tops = this.band.high[name], feet = this.band.low[name];
        const known = days.map((_, i) => i).filter((i) => tops[i] !== null && days[i] <= end);
        g.fillStyle = "rgba(86,180,233,0.35)"; g.beginPath();
        known.forEach((i) => g.lineTo(x(days[i]), y(tops[i])));
        known.reverse().forEach((i) => g.lineTo(x(days[i]), y(feet[i])));
        g.fill();
      }
      g.font = `600 12px ${FONT}`; g.fillStyle = "#1a1a1a"; g.textBaseline = "alphabetic";
      g.fillText(unit === "1" ? name : `${name} (${unit})`, x0 - 42, y0 - 8);
      g.strokeStyle = "#8c8c8c"; g.lineWidth = 1; g.strokeRect(x0, y0, w, h);
      g.font = `11px ${FONT}`; g.textAlign = "end";
      g.fillText(high.toPrecision(3), x0 - 4, y0 + 10); g.fillText(low.toPrecision(3), x0 - 4, y0 + h);
      g.textAlign = "center"; g.fillText("0", x0, y0 + h + 14); g.fillText(`day ${end}`, x0 + w - 10, y0 + h + 14);
      g.textAlign = "start";
      g.strokeStyle = "#D55E00";
      for (const day of this.facts.doses) { if (day <= end) { g.beginPath(); g.moveTo(x(day), y0 + h); g.lineTo(x(day), y0 + h - 5); g.stroke(); } }
      // The mouse beside, dashed: the same scale for both.
      g.strokeStyle = "#5f5f5f"; g.lineWidth = 1.5; g.setLineDash([5, 4]); g.beginPath();
      beside.forEach((value, i) => { if (i) g.lineTo(x(this.other.days[i]), y(value)); else g.moveTo(x(this.other.days[i]), y(value)); });
      g.stroke(); g.setLineDash([]);
      g.strokeStyle = "#005a8f"; g.lineWidth = 2; g.beginPath();
      series.forEach((value, i) => { if (i) g.lineTo(x(this.days[i]), y(value)); else g.moveTo(x(this.days[i]), y(value)); });
      g.stroke();
      if (series.length) { g.fillStyle = "#005a8f"; g.beginPath(); g.arc(x(this.days.at(-1)), y(series.at(-1)), 3, 0, 7); g.fill(); }
    });
  }

  // What lies under a point of the gut: an exosome, else the segment.
  at(px, py) {
    let best = 64, found = null;
    for (let k = 0; k < this.places.length; k += 3) {
      const d = (this.places[k] - px) ** 2 + (this.places[k + 1] - py) ** 2;
      if (d < best) { best = d; found = this.places[k + 2]; }
    }
    const left = this.gut.clientWidth > 560 ? 96 : 8;
    const along = Math.min(Math.max((px - left) / (this.gut.clientWidth - left - 8), 0), 1);
    return found === null ? { kind: "segment", index: 0, along } : { kind: "exosome", index: found, along };
  }

  picture() {
    const canvases = [this.gut, this.body, this.plot];
    const out = document.createElement("canvas");
    out.width = Math.max(...canvases.map((c) => c.width));
    out.height = canvases.reduce((sum, c) => sum + c.height, 0) + 60;
    const g = out.getContext("2d");
    g.fillStyle = "#fff"; g.fillRect(0, 0, out.width, out.height);
    g.fillStyle = "#000"; g.font = `22px ${FONT}`;
    g.fillText(`${this.facts.arm}, day ${Math.floor(this.last.header.day)}. Simulated mouse; not people.`, 8, 36);
    let y = 60;
    for (const canvas of canvases) { g.drawImage(canvas, 0, y); y += canvas.height; }
    return out;
  }
}
