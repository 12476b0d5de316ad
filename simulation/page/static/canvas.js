// Canvases as sharp as the screen, in units that grow with the type.

export const FONT = "system-ui, 'DejaVu Sans', sans-serif";
export const INK = "#1a1a1a";

// A cleared canvas of so many units height; its width in units is what the page leaves it.
export function fitted(canvas, heightOf, type) {
  const scale = Math.min(window.devicePixelRatio || 1, 2) * type;
  const width = Math.max(canvas.clientWidth, 200) / type;
  const height = typeof heightOf === "function" ? heightOf(width) : heightOf;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.height = `${height * type}px`;
  }
  const g = canvas.getContext("2d");
  g.setTransform(scale, 0, 0, scale, 0, 0);
  g.clearRect(0, 0, width, height);
  return { g, width, height, scale };
}

// Text in lines that are no wider than their place.
export function wrapped(g, text, wide) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && g.measureText(longer).width <= wide) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
