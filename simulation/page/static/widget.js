// The page in a cell of a notebook: its controls speak through the widget's channel.
import { mount } from "/static/page.js";

export default {
  render({ model, el }) {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "open" }); // Ids and styles of one cell are its own.
    const style = document.createElement("style"), shell = document.createElement("div");
    style.textContent = model.get("css");
    shell.innerHTML = model.get("shell");
    root.append(style, shell);
    host.dataset.lmSuppressShortcuts = "true"; // Keys that are typed here are no commands of JupyterLab.
    el.append(host);
    const page = mount(root, {
      send(message) { model.send(message); },
      onMessage(act) {
        const heed = (message, buffers) => {
          if (!buffers?.length) return act(message);
          const { buffer, byteOffset, byteLength } = buffers[0];
          act(buffer ? buffer.slice(byteOffset, byteOffset + byteLength) : buffers[0]);
        };
        model.on("msg:custom", heed);
      },
      onClose() {},
    }, {
      link: model.get("link"),
      wish: model.get("wish"),
      give(fragment) { return `gut.watch(link="${fragment}")`; },
      async sources() { return { view: model.get("view"), css: model.get("css") }; },
    });
    host.gutexo = page.seen;
    model.send({ do: "hello" });
    return () => page.leave();
  },
};
