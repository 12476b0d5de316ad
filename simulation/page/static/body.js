// The organs of a mouse: where they lie, how they stand, how they have changed since day 0.
import { FONT, INK, fitted, wrapped } from "/static/canvas.js";
import { CLASSES, PLASMA, scatter } from "/static/exosomes.js";

const WIDE = 400, HIGH = 200; // of the drawing of the mouse
const CARD = 66, LINE = 14;
const NOTE = "Against day 0: orange is worse, blue better, grey as it was.";
const HARDLY = 0.015; // in doublings
const MOST_DOTS = 90;
// Where each organ lies in the drawing: centre and half axes.
const PLACES = {
  gut: [168, 128, 46, 27], blood: [278, 118, 13, 15], liver: [236, 98, 27, 21],
  muscle: [92, 146, 27, 24], "adipose tissue": [112, 96, 29, 18], pancreas: [216, 138, 17, 10],
};

// More TNF is worse; less of all others is.
function tone(organ, [was, is]) {
  const change = was ? Math.log2(is / was) : 0;
  if (Math.abs(change) < HARDLY) return { change: 0, color: "#f0f0f0" };
  const worse = organ === "blood" ? change > 0 : change < 0;
  const depth = 0.15 + 0.6 * Math.min(Math.abs(change) * 1.6, 1);
  return { change, color: worse ? `rgba(213,94,0,${depth})` : `rgba(0,114,178,${depth})` };
}

function silhouette(g) {
  g.fillStyle = "#f7f4ef"; g.strokeStyle = "#767676"; g.lineWidth = 1.5;
  g.beginPath(); g.moveTo(64, 124); g.bezierCurveTo(20, 130, 30, 70, 6, 62); g.stroke();
  for (const [x, y] of [[112, 180], [262, 180]]) { g.beginPath(); g.ellipse(x, y, 19, 9, 0, 0, 7); g.fill(); g.stroke(); }
  g.beginPath(); g.arc(296, 62, 19, 0, 7); g.fill(); g.stroke();
  g.beginPath();
  g.moveTo(60, 126); g.bezierCurveTo(58, 60, 140, 42, 210, 54); g.bezierCurveTo(250, 58, 270, 72, 292, 70);
  g.bezierCurveTo(330, 66, 352, 92, 386, 112); g.bezierCurveTo(382, 124, 340, 130, 312, 134);
  g.bezierCurveTo(290, 172, 250, 184, 190, 182); g.bezierCurveTo(110, 186, 62, 176, 60, 126);
  g.fill(); g.stroke();
  g.fillStyle = INK; g.beginPath(); g.arc(338, 94, 3.5, 0, 7); g.fill();
}

// Exosomes of the blood, each at its own place of the loop past the organs.
function vessel(g, arrays) {
  const at = (t) => [190 + 92 * Math.cos(2 * Math.PI * t), 116 + 46 * Math.sin(2 * Math.PI * t)];
  g.strokeStyle = "#b7b7b7"; g.lineWidth = 7; g.beginPath();
  for (let t = 0; t <= 1.001; t += 0.02) g.lineTo(...at(t));
  g.stroke();
  let drawn = 0;
  for (let i = 0; i < arrays.exosome_place.length; i++) {
    if (arrays.exosome_place[i] < PLASMA) continue;
    if (drawn++ >= MOST_DOTS) break;
    g.fillStyle = CLASSES[arrays.exosome_class[i]].color;
    g.beginPath(); g.arc(...at(scatter(arrays.exosome_id[i])), 2.2, 0, 7); g.fill();
  }
}

function organ(g, name, number, color) {
  const [x, y, a, b] = PLACES[name];
  g.fillStyle = "#fff"; g.strokeStyle = "#444"; g.lineWidth = 1.2;
  g.beginPath(); g.ellipse(x, y, a, b, 0, 0, 7); g.fill();
  g.fillStyle = color; g.fill(); g.stroke();
  if (name === "gut") {
    g.beginPath();
    for (let t = 0; t <= 1; t += 0.02) g.lineTo(x - a * 0.72 + 1.44 * a * t, y + b * 0.55 * Math.sin(t * 22));
    g.stroke();
    g.fillStyle = "#fff"; g.beginPath(); g.arc(x, y, 8, 0, 7); g.fill();
  }
  g.fillStyle = "#000"; g.font = `600 12px ${FONT}`; g.textAlign = "center"; g.textBaseline = "middle";
  g.fillText(number, x, y + 0.5);
}

function card(g, view, number, x, y, wide) {
  const [name, readout, unit] = view.organs[number];
  const [was, is] = view.last.header.organs[name];
  const { change, color } = tone(name, [was, is]);
  g.fillStyle = color; g.strokeStyle = "#444"; g.lineWidth = 1;
  g.beginPath(); g.roundRect(x, y, wide, CARD - 8, 8); g.fill(); g.stroke();
  g.fillStyle = "#000"; g.textAlign = "start"; g.textBaseline = "alphabetic";
  g.font = `600 12px ${FONT}`; g.fillText(`${number + 1}  ${name}`, x + 8, y + 16);
  g.font = `11px ${FONT}`; g.fillText(readout.replace(/^\w+ (insulin sensitivity)$/, "$1"), x + 8, y + 31);
  const arrow = change === 0 ? "=" : change > 0 ? "▲" : "▼";
  g.font = `600 11px ${FONT}`;
  g.fillText(`${is.toPrecision(3)}${unit === "1" ? "" : ` ${unit}`} ${arrow} x ${(was ? is / was : 1).toFixed(2)}`, x + 8, y + 48);
}

export function drawBody(view) {
  const { arrays, header } = view.last, count = view.organs.length;
  const width = Math.max(view.body.clientWidth, 200) / view.type;
  const beside = width >= 760;
  const columns = beside || width >= 480 ? 3 : width >= 290 ? 2 : 1;
  const left = beside ? WIDE + 20 : 4, room = (width - left - 4) / columns;
  const size = Math.min(1, (width - 8) / WIDE);
  const font = `11px ${FONT}`, measure = view.body.getContext("2d");
  measure.font = font;
  const inside = arrays.exosome_place.reduce((sum, place) => sum + (place >= PLASMA), 0);
  const note = wrapped(measure, `${NOTE} Dots: ${inside} exosomes in blood and tissues.`, width - left - 4);
  const top = (beside ? 10 : HIGH * size + 4) + LINE * note.length;
  const { g } = fitted(view.body, Math.max(HIGH * size + 8, top + CARD * Math.ceil(count / columns)), view.type);
  g.save();
  g.translate(beside ? 4 : Math.max(4, (width - WIDE * size) / 2), 2); g.scale(size, size);
  silhouette(g);
  vessel(g, arrays);
  view.organs.forEach(([name], number) => organ(g, name, number + 1, tone(name, header.organs[name]).color));
  g.restore();
  view.organs.forEach((_, number) => card(g, view, number, left + room * (number % columns), top + CARD * Math.floor(number / columns), room - 8));
  g.fillStyle = INK; g.font = font; g.textAlign = "start"; g.textBaseline = "alphabetic";
  note.forEach((text, line) => g.fillText(text, left, top - 8 - LINE * (note.length - 1 - line)));
  view.body.setAttribute("aria-label", `${view.facts.arm}, organs: ${view.organs.map(([name, readout]) => `${name}, ${readout} ${header.organs[name][1].toPrecision(3)}`).join("; ")}`);
}
