// The curves of a mouse, with doses, the mouse beside it and a band of others.
import { FONT, INK, fitted } from "/static/canvas.js";

// A number that is not defined (null) leaves a gap in the line.
function line(g, values, days, x, y) {
  let on = false;
  g.beginPath();
  values.forEach((value, i) => {
    if (value === null) { on = false; return; }
    if (on) g.lineTo(x(days[i]), y(value)); else g.moveTo(x(days[i]), y(value));
    on = true;
  });
  g.stroke();
}

export function drawCurves(view) {
  const narrow = view.plot.clientWidth / view.type < 640;
  const columns = narrow ? 1 : Math.min(view.curves.length, 3);
  const rows = Math.ceil(view.curves.length / columns);
  const { g, width } = fitted(view.plot, rows * 130, view.type);
  const end = Math.max(view.facts.duration, 1);
  const room = rows * columns > view.curves.length && !narrow;
  if (room) {
    const x0 = ((columns - 1) * width) / columns + 20, y0 = (rows - 1) * 130 + 30;
    const told = [["#005a8f", [], view.facts.arm], ["#D55E00", [2, 4], "doses"]];
    if (view.other) told.splice(1, 0, ["#5f5f5f", [5, 4], view.other.facts.arm]);
    if (view.band) told.push(["#56B4E9", [], `band: ${view.band.mice} such mice, mean ± SD`]);
    told.forEach(([color, dash, text], i) => {
      g.strokeStyle = color; g.lineWidth = 2; g.setLineDash(dash); g.beginPath();
      g.moveTo(x0, y0 + 20 * i); g.lineTo(x0 + 26, y0 + 20 * i); g.stroke(); g.setLineDash([]);
      g.fillStyle = INK; g.font = `12px ${FONT}`; g.textBaseline = "middle"; g.fillText(text, x0 + 34, y0 + 20 * i);
    });
  }
  view.curves.forEach(([name, unit], number) => {
    const x0 = (number % columns) * (width / columns) + 50, y0 = Math.floor(number / columns) * 130 + 24;
    const w = width / columns - 64, h = 74;
    const series = view.values[name];
    const beside = view.other?.values[name] ?? [];
    const around = view.band ? [...view.band.low[name], ...view.band.high[name]] : [];
    const known = [...series, ...beside, ...around].filter((value) => value !== null);
    let low = known.length ? Math.min(...known) : 0, high = known.length ? Math.max(...known) : 1;
    const pad = Math.max((high - low) * 0.12, Math.abs(high) * 0.04, 1e-9);
    low = low < 0 ? low - pad : Math.max(low - pad, 0); high += pad;
    const x = (day) => x0 + (day / end) * w, y = (value) => y0 + h - ((value - low) / (high - low)) * h;
    if (view.band) {
      const { days } = view.band, tops = view.band.high[name], feet = view.band.low[name];
      const full = days.map((_, i) => i).filter((i) => tops[i] !== null && days[i] <= end);
      g.fillStyle = "rgba(86,180,233,0.35)"; g.beginPath();
      full.forEach((i) => g.lineTo(x(days[i]), y(tops[i])));
      full.reverse().forEach((i) => g.lineTo(x(days[i]), y(feet[i])));
      g.fill();
    }
    g.font = `600 12px ${FONT}`; g.fillStyle = INK; g.textBaseline = "alphabetic";
    g.fillText(unit === "1" ? name : `${name} (${unit})`, x0 - 42, y0 - 8);
    g.strokeStyle = "#8c8c8c"; g.lineWidth = 1; g.strokeRect(x0, y0, w, h);
    g.font = `11px ${FONT}`; g.textAlign = "end";
    g.fillText(high.toPrecision(3), x0 - 4, y0 + 10); g.fillText(low.toPrecision(3), x0 - 4, y0 + h);
    g.textAlign = "center"; g.fillText("0", x0, y0 + h + 14); g.fillText(`day ${end}`, x0 + w - 10, y0 + h + 14);
    g.textAlign = "start";
    g.strokeStyle = "#D55E00";
    for (const day of view.facts.doses) { if (day <= end) { g.beginPath(); g.moveTo(x(day), y0 + h); g.lineTo(x(day), y0 + h - 5); g.stroke(); } }
    // The mouse beside, dashed: the same scale for both.
    g.strokeStyle = "#5f5f5f"; g.lineWidth = 1.5; g.setLineDash([5, 4]);
    if (view.other) line(g, beside, view.other.days, x, y);
    g.setLineDash([]);
    g.strokeStyle = "#005a8f"; g.lineWidth = 2;
    line(g, series, view.days, x, y);
    if (series.length && series.at(-1) !== null) { g.fillStyle = "#005a8f"; g.beginPath(); g.arc(x(view.days.at(-1)), y(series.at(-1)), 3, 0, 7); g.fill(); }
  });
}
