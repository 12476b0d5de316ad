// The page: its controls speak through a socket.
import { mount } from "/static/page.js";

const socket = new WebSocket(`ws://${location.host}/live`);
socket.binaryType = "arraybuffer";
const read = async (path) => (await fetch(path)).text();

const { seen } = mount(document, {
  send(message) { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); },
  onMessage(act) { socket.addEventListener("message", ({ data }) => act(typeof data === "string" ? JSON.parse(data) : data)); },
  onClose(act) { socket.addEventListener("close", act); },
}, {
  link: location.hash.slice(1),
  give(fragment) { history.replaceState(null, "", `#${fragment}`); return `${location.origin}/#${fragment}`; },
  async sources() { return { view: await read("/drawing.js"), css: await read("/static/page.css") }; },
});
window.gutexo = seen;
