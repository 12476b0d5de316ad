// A wish as the part of an address behind #, and back.
import { bytesOf } from "/static/dom.js";

const VERSION = 1;
const LONGEST = 8000;

export function encodeLink(wish) {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: VERSION, ...wish }));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function decodeLink(text) {
  if (text.length > LONGEST) throw new Error("too long");
  const bytes = bytesOf(text.replace(/-/g, "+").replace(/_/g, "/"));
  const { v, ...wish } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (v !== VERSION) throw new Error("of another version");
  return wish;
}
