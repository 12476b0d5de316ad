// The agent that was picked: its states now, and how they came about.
import { element, table } from "/static/dom.js";

const short = (number) => String(Number(number.toPrecision(3)));

function spark(days, levels) {
  const canvas = element("canvas"), wide = 140, high = 26;
  canvas.width = 2 * wide; canvas.height = 2 * high; canvas.className = "spark";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `from ${short(levels[0])} on day ${short(days[0])} to ${short(levels.at(-1))} on day ${short(days.at(-1))}`);
  const g = canvas.getContext("2d");
  g.scale(2, 2);
  const low = Math.min(...levels), top = Math.max(...levels), from = days[0], length = days.at(-1) - from || 1;
  const span = Math.max(top - low, 0.02 * Math.abs(top)) || 1; // What hardly moves is drawn flat.
  const at = (i) => [4 + ((days[i] - from) / length) * (wide - 8), high - 4 - ((levels[i] - low) / span) * (high - 8)];
  g.strokeStyle = "#005a8f"; g.lineWidth = 1.6; g.beginPath();
  levels.forEach((_, i) => g.lineTo(...at(i)));
  g.stroke();
  g.fillStyle = "#005a8f"; g.beginPath(); g.arc(...at(levels.length - 1), 2.5, 0, 7); g.fill();
  return canvas;
}

export class AgentPanel {
  constructor(host) { this.host = host; this.pin = null; }

  show({ which, kind, index, name, days, states, story }, arm) {
    this.pin = { which, kind, index };
    const told = days.length > 1;
    const heads = ["state", "now", ...(told ? [`since day ${short(days[0])}`] : []), "meaning"];
    const rows = states.map((s) => [s.name.replaceAll("_", " "), short(s.levels.at(-1)), ...(told ? [spark(days, s.levels)] : []), s.meaning]);
    const first = states.slice(0, story ? 2 : 4).map((s) => `${s.name.replaceAll("_", " ")} ${short(s.levels.at(-1))}`).join(", ");
    const tale = story ? [element("p", story)] : [];
    this.host.replaceChildren(element("h3", `${name}, of ${arm}`), ...tale, table(heads, rows));
    return `${name}: ${story ? `${story} ` : ""}${first}; more below`;
  }

  gone(line) { this.pin = null; this.host.replaceChildren(element("p", line)); }
}
