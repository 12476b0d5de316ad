// A wish as the part of an address behind #, and back.
import { bytesOf } from "/static/dom.js";

const VERSION = 1;
const LONGEST = 8000;
const MOST_SEED = Number.MAX_SAFE_INTEGER;

export function encodeLink(wish) {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: VERSION, ...wish }));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
// A text whose characters are whole: half of one cannot be sent.
function whole(value) {
  try { return typeof value === "string" && encodeURIComponent(value) !== null; } catch { return false; }
}
const shown = (name) => (whole(name) ? `'${name.slice(0, 40)}'` : "with a name of broken characters");

const PARTS = {
  arm: (value) => (whole(value) ? "" : "the mouse is not a name"),
  beside: (value) => (value === null || whole(value) ? "" : "the mouse beside is not a name"),
  seed: (value) => (Number.isInteger(value) && value >= 0 && value <= MOST_SEED ? "" : "the seed is not a whole number"),
  full: (value) => (typeof value === "boolean" ? "" : "whether the mouse is full is neither true nor false"),
  changes(value) {
    if (!plain(value)) return "its changes have no names";
    const wrong = Object.entries(value).find(([name, v]) => !whole(name) || !Number.isFinite(v));
    return wrong ? `the value of the parameter ${shown(wrong[0])} is not a number` : "";
  },
};

// The wish of a link; throws an Error whose message says in words what is wrong with it.
export function decodeLink(text) {
  if (text.length > LONGEST) throw new Error("it is too long");
  let content;
  try {
    const bytes = bytesOf(text.replace(/-/g, "+").replace(/_/g, "/"));
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch { throw new Error("it cannot be read"); }
  if (!plain(content)) throw new Error("it cannot be read");
  const { v, ...wish } = content;
  if (v !== VERSION) throw new Error("it is of another version");
  for (const [name, value] of Object.entries(wish)) {
    const wrong = Object.hasOwn(PARTS, name) ? PARTS[name](value) : `its part ${shown(name)} is not known`;
    if (wrong) throw new Error(wrong);
  }
  return wish;
}
