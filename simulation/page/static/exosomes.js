// Classes of exosomes, and the marks they are drawn by.

// As in the figures of this package.
export const CLASSES = [
  { name: "barrier cargo", color: "#D55E00", shape: "square" },
  { name: "inflammatory cargo", color: "#E69F00", shape: "triangle" },
  { name: "lipid cargo", color: "#CC79A7", shape: "diamond" },
  { name: "protective cargo", color: "#009E73", shape: "circle" },
  { name: "empty", color: "#4d4d4d", shape: "ring" },
];
export const PLASMA = 4;

// A height of its own for each exosome, the same from frame to frame.
export const scatter = (id) => ((id * 40503) & 0xffff) / 65536;

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
