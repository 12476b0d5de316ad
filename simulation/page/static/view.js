// Draws a mouse: its gut unrolled, its organs, its curves. It knows nothing of sockets.
import { drawBody } from "/static/body.js";
import { FONT, INK, fitted } from "/static/canvas.js";
import { drawCurves } from "/static/curves.js";
import { CLASSES, PLASMA, scatter, stamp } from "/static/exosomes.js";
import { cross, crossStamp } from "/static/senescence.js";

// Top and bottom of each place in the picture of the gut, as shares of its height.
const BANDS = [[0.03, 0.42], [0.42, 0.53], [0.53, 0.69], [0.69, 0.97]];
const BAND_NAMES = ["lumen", "mucus", "epithelium", "lamina propria"];
const ENTEROCYTE = 0, MACROPHAGE = 1;

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

const mixed = (n) => { let x = Math.imul(n + 1, 0x9e3779b1); x = Math.imul(x ^ (x >>> 15), 0x85ebca6b); return ((x ^ (x >>> 13)) >>> 0) / 4294967296; };

export class MouseView {
  constructor(host, facts, curves, organs) {
    this.facts = facts; this.curves = curves; this.organs = organs;
    this.days = []; this.values = Object.fromEntries(curves.map(([name]) => [name, []]));
    this.last = null; this.stamps = null; this.type = 1;
    this.places = []; this.sites = []; this.pin = null; this.pointed = null;
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
    this.told = document.createElement("p");
    this.told.className = "picked";
    this.told.setAttribute("role", "status");
    figure.append(title, this.gut, this.told, this.legend(), this.body, this.plot);
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
    add("wall: dark is closed, light is open");
    add("black +: crypt niche senescent by itself", crossStamp(1));
    add("yellow x: crypt niche senescent by signals or transplant", crossStamp(3));
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
    drawBody(this);
    drawCurves(this);
    const { header } = this.last;
    const told = this.curves.map(([name, unit]) => {
      const series = this.values[name];
      return `${name} ${series.at(-1)?.toPrecision(3) ?? "not defined"} ${unit === "1" ? "" : unit}`;
    });
    this.plot.setAttribute("aria-label", `${this.facts.arm}, day ${Math.floor(header.day)}: ${told.join(", ")}`);
  }

  // Where the gut lies in a canvas of some width.
  room(width) {
    const left = width > 560 ? 96 : 8;
    return { left, span: width - left - 8 };
  }

  drawGut() {
    const { arrays, header } = this.last;
    const { g, width, height, scale } = fitted(this.gut, (wide) => Math.max(220, Math.min(360, wide * 0.32)), this.type);
    const { left, span } = this.room(width);
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
    g.fillStyle = INK; g.font = `12px ${FONT}`; g.textBaseline = "middle";
    if (left > 50) BANDS.forEach(([a, b], place) => g.fillText(BAND_NAMES[place], 4, ((a + b) / 2) * height));
    g.strokeStyle = "#5f5f5f"; g.setLineDash([4, 3]);
    let start = 0;
    for (const [name, end] of this.facts.regions) {
      if (end < 1) { g.beginPath(); g.moveTo(x(end), 0); g.lineTo(x(end), height); g.stroke(); }
      const wide = g.measureText(name).width;
      if (wide < (end - start) * span - 6) {
        g.fillStyle = "rgba(255,255,255,0.8)"; g.fillRect(x(start) + 3, 2, wide + 4, 15);
        g.fillStyle = INK; g.fillText(name, x(start) + 5, 10);
      }
      start = end;
    }
    g.setLineDash([]);
    this.drawPin(g, x, height, segments);
    this.gut.setAttribute("aria-label",
      `${this.facts.arm}: the gut unrolled on day ${Math.floor(header.day)}, ${arrays.exosome_id.length} exosomes shown`);
  }

  drawCells(g, x, height, span, segments) {
    const { arrays } = this.last;
    const wall = (BANDS[2][0] + BANDS[2][1]) / 2 * height;
    const below = BANDS[3][0] * height;
    const count = arrays.cell_kind.length;
    this.sites = [];
    for (let i = 0; i < count; i++) {
      const kind = arrays.cell_kind[i];
      if (kind > MACROPHAGE) break;
      const cx = x(arrays.cell_along[i] / 65535);
      if (kind === ENTEROCYTE) {
        if (!arrays.cell_senescence[i]) continue;
        // Not all on one line, so that neighbours do not cover each other.
        const cy = wall + (mixed(i) - 0.5) * (BANDS[2][1] - BANDS[2][0]) * height * 0.6;
        cross(g, arrays.cell_senescence[i], cx, cy);
        this.sites.push(cx, cy, i);
      } else {
        const level = Math.min(1, (arrays.cell_level[i] / 255) * 2);
        g.beginPath();
        const cy = below + (0.25 + 0.6 * mixed(i)) * (BANDS[3][1] - BANDS[3][0]) * height;
        g.arc(cx, cy, 2 + 4 * level, 0, 2 * Math.PI);
        this.sites.push(cx, cy, i);
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

  // The agent that was picked, and the segment under the pointer.
  drawPin(g, x, height, segments) {
    const frame = (segment, color, dash) => {
      g.strokeStyle = color; g.lineWidth = 2; g.setLineDash(dash);
      g.strokeRect(x(segment / segments), 1, x((segment + 1) / segments) - x(segment / segments), height - 2);
      g.setLineDash([]);
    };
    if (this.pointed !== null) frame(this.pointed, "#8c8c8c", [2, 3]);
    if (!this.pin) return;
    const { kind, index } = this.pin;
    if (kind === "segment") return frame(index, "#000", []);
    const marks = kind === "cell" ? this.sites : this.places;
    const ids = this.last.arrays.exosome_id;
    for (let k = 0; k < marks.length; k += 3) {
      if (kind === "cell" ? marks[k + 2] !== index : ids[marks[k + 2]] !== (index & 0xffff)) continue;
      g.strokeStyle = "#000"; g.lineWidth = 2; g.beginPath(); g.arc(marks[k], marks[k + 1], 8, 0, 7); g.stroke();
      return;
    }
  }

  // What lies under a point of the canvas: an exosome, a cell, else the segment.
  at(px, py) {
    const nearest = (marks) => {
      let best = 64, found = null;
      for (let k = 0; k < marks.length; k += 3) {
        const d = (marks[k] - px / this.type) ** 2 + (marks[k + 1] - py / this.type) ** 2;
        if (d < best) { best = d; found = marks[k + 2]; }
      }
      return found;
    };
    const exosome = nearest(this.places), cell = exosome === null ? nearest(this.sites) : null;
    if (exosome !== null) return { kind: "shown", index: exosome };
    return cell !== null ? { kind: "cell", index: cell } : { kind: "place", along: this.along(px) };
  }

  along(px) {
    const { left, span } = this.room(this.gut.clientWidth / this.type);
    return Math.min(Math.max((px / this.type - left) / span, 0), 1);
  }

  // An agent that was picked, and a line about it; none if null.
  pinned(pin, line) {
    this.pin = pin;
    this.told.textContent = pin ? line : "";
    this.draw();
  }

  // The segment under the pointer is framed; the picture is not drawn anew for it while it plays.
  hover(px) {
    const before = this.pointed;
    this.pointed = px === null ? null : Math.min(Math.floor(this.along(px) * this.facts.segments), this.facts.segments - 1);
    if (before !== this.pointed && this.last) this.drawGut();
  }

  // Day and arm above, then all that is drawn of this mouse.
  picture() {
    const canvases = [this.gut, this.body, this.plot];
    const out = document.createElement("canvas");
    out.width = Math.max(...canvases.map((c) => c.width));
    out.height = canvases.reduce((sum, c) => sum + c.height, 0) + 60;
    const g = out.getContext("2d");
    g.fillStyle = "#fff"; g.fillRect(0, 0, out.width, out.height);
    g.fillStyle = INK; g.font = `22px ${FONT}`;
    g.fillText(`${this.facts.arm}, day ${Math.floor(this.last.header.day)}. Simulated mouse; not people.`, 8, 36);
    let y = 60;
    for (const canvas of canvases) { g.drawImage(canvas, 0, y); y += canvas.height; }
    return out;
  }
}

// One picture of all mice, one below the other.
export function beside(views) {
  const pictures = views.map((view) => view.picture());
  const out = document.createElement("canvas");
  out.width = Math.max(...pictures.map((p) => p.width));
  out.height = pictures.reduce((sum, p) => sum + p.height, 0);
  const g = out.getContext("2d");
  let y = 0;
  for (const picture of pictures) { g.drawImage(picture, 0, y); y += picture.height; }
  return out;
}
