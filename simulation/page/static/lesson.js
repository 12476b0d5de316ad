// The lesson: a prediction is asked before each run, and held against it after.
import { element } from "/static/dom.js";

const WORDS = { up: "higher", same: "hardly other", down: "lower" };

export class Lesson {
  constructor(host, chapters, begin, play) {
    this.host = host; this.chapters = chapters; this.begin = begin; this.play = play;
    this.number = null; this.asked = false;
    const bar = element("div"); bar.className = "row";
    this.buttons = chapters.map((chapter, number) => {
      const button = element("button", `${number + 1}. ${chapter.title}`);
      button.type = "button"; button.className = "chapter";
      button.addEventListener("click", () => this.open(number));
      bar.append(button);
      return button;
    });
    this.room = element("div"); this.room.id = "chapter"; this.room.setAttribute("aria-live", "polite");
    host.append(bar, this.room);
  }

  open(number) {
    this.number = number; this.asked = false; this.guess = null;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", i === number));
    const chapter = this.chapters[number];
    const form = element("fieldset"), legend = element("legend", chapter.question);
    form.append(legend);
    for (const [key, word] of Object.entries(WORDS)) {
      const label = element("label"), input = element("input");
      label.className = "tick"; input.type = "radio"; input.name = "guess"; input.value = key;
      input.addEventListener("change", () => { this.guess = key; this.go.disabled = false; });
      label.append(input, word); form.append(label);
    }
    this.go = element("button", "Raise the mice and play"); this.go.type = "button"; this.go.disabled = true;
    this.go.addEventListener("click", () => { this.asked = true; form.disabled = true; this.go.disabled = true; this.told.textContent = ""; this.begin(chapter.wish); });
    this.told = element("p"); this.told.id = "verdict";
    this.room.replaceChildren(element("p", chapter.text), form, this.go, this.told);
  }

  // Mice stand on day 0: those of a chapter are played at once.
  begun(wish) {
    const own = this.number === null ? null : this.chapters[this.number].wish;
    this.running = this.asked && own.arm === wish.arm && own.beside === wish.beside;
    if (this.running) this.play();
  }

  // The run is over: prediction against what the mice did.
  over(views) {
    if (!this.running) return;
    this.running = this.asked = false;
    const chapter = this.chapters[this.number];
    const [is, was] = views.map((view) => view.values[chapter.readout].at(-1));
    if (is === null || was === null) { this.told.textContent = `${chapter.readout} is not defined in a diabetic mouse.`; return; }
    const ratio = is / was;
    const found = ratio > 1 + chapter.hardly ? "up" : ratio < 1 - chapter.hardly ? "down" : "same";
    this.told.textContent = `You said ${WORDS[this.guess]}. In this mouse ${chapter.readout} is ${WORDS[found]}: x ${ratio.toFixed(2)}. ` +
      `${found === this.guess ? "As predicted." : "Not as predicted: what did you leave out?"} One mouse is one mouse; another seed may say otherwise. ${chapter.after}`;
    this.told.dataset.found = found; this.told.dataset.ratio = ratio;
  }
}
