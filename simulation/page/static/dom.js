// Small things the controls share.

export function element(tag, text) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  return made;
}

export function table(heads, rows) {
  const made = element("table"), head = element("tr");
  for (const name of heads) { const cell = element("th", name); cell.scope = "col"; head.append(cell); }
  made.append(head);
  for (const row of rows) {
    const line = element("tr");
    for (const content of row) { const cell = element("td"); cell.append(content); line.append(cell); }
    made.append(line);
  }
  return made;
}

export function offer(name, blob) {
  const link = element("a");
  link.href = URL.createObjectURL(blob); link.download = name;
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
