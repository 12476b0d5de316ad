// Marks of senescent crypt niches: shape and colour tell how they became senescent.

const INDUCED = 3; // the first code of an induced niche, as in the columns of the mouse

// + in black with a white rim: by itself. x in yellow with a black rim: induced.
export function cross(g, code, x, y, r = 3.2) {
  const induced = code >= INDUCED, d = induced ? r : r * 1.25;
  g.beginPath();
  if (induced) { g.moveTo(x - d, y - d); g.lineTo(x + d, y + d); g.moveTo(x + d, y - d); g.lineTo(x - d, y + d); }
  else { g.moveTo(x - d, y); g.lineTo(x + d, y); g.moveTo(x, y - d); g.lineTo(x, y + d); }
  g.lineCap = "square";
  g.strokeStyle = induced ? "#000" : "#fff"; g.lineWidth = induced ? 4.4 : 3.6; g.stroke();
  g.strokeStyle = induced ? "#f0e442" : "#000"; g.lineWidth = induced ? 2 : 1.8; g.stroke();
  g.lineCap = "butt";
}

export function crossStamp(code) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 16;
  cross(canvas.getContext("2d"), code, 8, 8);
  return canvas;
}
