/* The one box in which a person is chosen: somebody on record, told from namesakes by a line, somebody new, or only
   a label. Typing opens it; arrows and Enter choose. The desk's own autocomplete answers. */

import { make } from "./autosave.js";

const DELAY = 150; // milliseconds without a key before the desk is asked
let boxes = 0;
const choosing = new Set(); // Enter was pressed, and the desk has not said yet whom that chooses

const fold = (name) => name.trim().replace(/\s+/g, " ").toLowerCase();
const looksLikeAName = (text) => /^\p{Lu}\S* .*\p{Lu}/u.test(text);

export class PersonBox {
  /**
   * `people` is the address of the autocomplete. `choose` gets {kind: "person", id, name, detail},
   * {kind: "new", name, namesake} or {kind: "label", name}; "new" only if `mayAdd`, "label" only if `mayLabel`.
   * `label` names the field.
   */
  constructor({ people, choose, mayAdd = false, mayLabel = true, label = "Who said it" }) {
    Object.assign(this, { people, choose, mayAdd, mayLabel });
    boxes += 1;
    const id = `person-box-${boxes}`;
    this.input = make("input", {
      "type": "text", "role": "combobox", "aria-label": label, "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": id, "autocomplete": "off", "maxlength": "150", "placeholder": "A name, or what to call them",
    });
    this.list = make("ul", { id, "role": "listbox", "aria-label": label, "class": "person-list", "hidden": true });
    this.note = make("p", { class: "person-note", role: "status" });
    this.element = make("div", { class: "person-box" }, this.input, this.list, this.note);
    this.nothing = "Type who said it.";
    this.guesses = [];
    this.options = [];
    this.active = -1;
    this.asked = Promise.resolve();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.take(this.options[[...this.list.children].indexOf(row)]);
    });
  }

  /** Offer these before anything is typed; `reading` is a promise after which they are known. */
  guess(reading) {
    this.asked = reading.then((guesses) => {
      this.guesses = guesses;
      if (!this.input.value.trim()) this.show(guesses, guesses.length ? 0 : -1);
    });
    return this.asked;
  }

  typed() {
    clearTimeout(this.timer);
    this.note.textContent = "";
    const term = this.input.value.trim();
    if (!term) {
      this.asked = Promise.resolve();
      this.show(this.guesses, this.guesses.length ? 0 : -1);
      return;
    }
    this.asked = new Promise((done) => {
      this.timer = setTimeout(() => this.ask(term).finally(done), DELAY);
    });
  }

  /** What the desk has for a term, as choices. */
  async look(term) {
    const query = new URLSearchParams({ term, app_label: "stories", model_name: "claim", field_name: "speaker" });
    const response = await fetch(`${this.people}?${query}`, { headers: { Accept: "application/json" } });
    const { results } = await response.json();
    return results.map(({ id, name, detail }) => ({ kind: "person", id: Number(id), name, detail }));
  }

  async ask(term) {
    const found = await this.look(term).catch(() => null);
    if (this.input.value.trim() !== term) return;
    if (found === null) this.note.textContent = "The desk did not answer; type on to ask again.";
    const people = found ?? [];
    const same = people.filter(({ name }) => fold(name) === fold(term));
    const others = this.others(term, same[0], people);
    if (same.length > 1) this.note.textContent = `${same.length} people are called ${same[0].name}: choose one.`;
    // Of several who bear the very name none is taken by Enter alone.
    const sure = same.length > 1 ? -1 : people.indexOf(same[0] ?? people[0]);
    this.show([...people, ...others], people.length || !others.length ? sure : this.likely(others, term));
  }

  /** What can be made of the words typed: a new person, a label. */
  others(term, same) {
    const found = [];
    if (this.mayAdd) {
      const detail = same ? `${same.name} is on record already: ${same.detail}` : "gets a record of their own";
      found.push({ kind: "new", name: term, namesake: Boolean(same), detail });
    }
    if (this.mayLabel) found.push({ kind: "label", name: term, detail: "no record: “a party source”, an office" });
    return found;
  }

  likely(others, term) {
    const label = others.findIndex(({ kind }) => kind === "label");
    return others[0].kind === "new" && (looksLikeAName(term) || label < 0) ? 0 : label;
  }

  show(options, active) {
    this.options = options;
    const id = this.list.id;
    this.list.replaceChildren(...options.map((one, number) => make("li", {
      "id": `${id}-${number}`, "role": "option", "aria-selected": "false", "class": `person-${one.kind}`,
    }, make("span", { class: "person-name" }, this.constructor.words(one)), " ",
    make("span", { class: "person-detail" }, one.detail ?? ""))));
    this.list.hidden = options.length === 0;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.activate(active);
  }

  static words({ kind, name, namesake }) {
    if (kind === "new") return `Add as ${namesake ? "another" : "a new"} person: ${name}`;
    return kind === "label" ? `Only as a label: ${name}` : name;
  }

  activate(number) {
    this.active = number;
    const rows = [...this.list.children];
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === number)));
    if (rows[number]) {
      this.input.setAttribute("aria-activedescendant", rows[number].id);
      rows[number].scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const { length } = this.options;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && length) {
      event.preventDefault();
      const from = this.active < 0 && step < 0 ? 0 : this.active;
      this.activate((from + step + length) % length);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      this.enter();
    }
  }

  /** Choose what is marked, once the desk has said what there is for what was typed. */
  enter() {
    const chosen = this.chooseWhenAnswered().finally(() => choosing.delete(chosen));
    choosing.add(chosen);
  }

  async chooseWhenAnswered() {
    let asked;
    do {
      ({ asked } = this);
      await asked;
    } while (asked !== this.asked);
    const one = this.options[this.active];
    if (one) this.take(one);
    else if (!this.note.textContent) this.note.textContent = this.nothing;
  }

  take(one) {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(one);
  }
}

/* A form that is sent meanwhile waits for what is chosen. */
document.addEventListener("submit", async (event) => {
  if (!choosing.size) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await Promise.allSettled(choosing);
  event.target.requestSubmit(event.submitter ?? undefined);
}, true);

/** The choice as the fields of a form. */
export const asFields = ({ kind, id, name, namesake }) => ({
  speaker: kind === "person" ? String(id) : "",
  new_person: kind === "new" ? name : "",
  namesake: namesake ? "on" : "",
  speaker_label: kind === "label" ? name : "",
});

/** What the reader of copy says of a speaker, as a choice; null when it names nobody. */
export const choiceOf = ({ person, enters, label }, mayAdd) => {
  if (person) return { kind: "person", ...person };
  if (enters && mayAdd) {
    const detail = [enters.party, enters.role, "not on record yet"].filter(Boolean).join(" · ");
    return { kind: "new", name: enters.name, namesake: false, detail };
  }
  const name = enters?.name || label;
  return name ? { kind: "label", name, detail: "as the story prints it" } : null;
};
