// What is to be watched: who, what they are given, seed, and a slider a parameter.
import { element } from "/static/dom.js";

// Sliders run on the logarithm: a factor is a step.
const value = (s, input) => Number((s.low > 0 ? Math.exp(Number(input.value)) : Number(input.value)).toPrecision(6));
// A value of a link may lie beyond the ends of its slider, which then stands at one of them.
const position = (s, v) => { const at = Math.min(Math.max(v, s.low), s.high); return s.low > 0 ? Math.log(at) : at; };

export class Form {
  constructor($, changed) {
    this.$ = $; this.changed = changed; this.sliders = []; this.rest = {};
  }

  build({ arms, sliders }) {
    const groups = {};
    for (const arm of arms) (groups[arm.study] ??= []).push(arm);
    const none = element("option", "nothing"); none.value = "";
    this.$("beside").append(none);
    for (const [study, members] of Object.entries(groups)) {
      for (const select of [this.$("arm"), this.$("beside")]) {
        const group = element("optgroup"); group.label = study;
        for (const arm of members) { const option = element("option", arm.name); option.value = arm.name; group.append(option); }
        select.append(group);
      }
    }
    for (const s of sliders) this.slider(s);
    this.$("arm").disabled = this.$("beside").disabled = false;
  }

  slider(s) {
    const label = element("label"), input = element("input"), told = element("output"), small = element("small");
    const head = element("span", `${s.name} (${s.unit === "1" ? "no unit" : s.unit}) `);
    input.type = "range"; input.min = position(s, s.low); input.max = position(s, s.high); input.step = "any";
    input.setAttribute("aria-label", `${s.name}: ${s.meaning}`);
    head.append(told);
    small.textContent = `${s.meaning}. ${s.low.toPrecision(2)} to ${s.high.toPrecision(2)}; grade ${s.grade}, source ${s.source}.`;
    input.addEventListener("input", () => {
      input.dataset.touched = "yes"; delete input.dataset.exact;
      told.textContent = value(s, input).toPrecision(3);
      input.setAttribute("aria-valuetext", `${told.textContent} ${s.unit}`);
      this.changed();
    });
    label.append(head, input, small); this.$("sliders").append(label);
    this.sliders.push({ facts: s, input, told });
  }

  // Only what was touched is a change; a value of a link stays to its last digit.
  wish() {
    const changes = { ...this.rest };
    for (const { facts: s, input } of this.sliders) {
      if (input.dataset.touched) changes[s.name] = input.dataset.exact ? Number(input.dataset.exact) : value(s, input);
    }
    return { arm: this.$("arm").value, beside: this.$("beside").value || null, seed: Number(this.$("seed").value), full: this.$("full").checked, changes };
  }

  fill(wish) {
    this.$("arm").value = wish.arm;
    this.$("beside").value = wish.beside ?? "";
    this.$("seed").value = wish.seed;
    this.$("full").checked = wish.full;
    const known = new Set(this.sliders.map(({ facts: s }) => s.name));
    this.rest = Object.fromEntries(Object.entries(wish.changes ?? {}).filter(([name]) => !known.has(name)));
    for (const { facts: s, input, told } of this.sliders) {
      const given = wish.changes?.[s.name];
      delete input.dataset.touched; delete input.dataset.exact;
      if (given !== undefined) { input.dataset.touched = "yes"; input.dataset.exact = given; }
      input.value = position(s, given ?? s.default);
      told.textContent = (given ?? s.default).toPrecision(3);
    }
  }
}
