/* The box in which topics are chosen: the best known one first, a new one only by its own line. */

import { PersonBox } from "./person-box.js";

const fold = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[\s\p{Pd}]+/gu, " ").trim().toLowerCase();

export class TopicBox extends PersonBox {
  constructor(options) {
    super({ ...options, mayLabel: false });
    this.nothing = "Type a topic.";
  }

  async look(term) {
    const query = new URLSearchParams({ term });
    const response = await fetch(`${this.people}?${query}`, { headers: { Accept: "application/json" } });
    const { results } = await response.json();
    return results.map(({ text }) => ({ kind: "person", id: text, name: text }));
  }

  others(term, same, known) {
    if (same || known.some(({ name }) => fold(name) === fold(term))) return [];
    return [{ kind: "new", name: term, detail: known.length ? "beside those above" : "no topic is called so" }];
  }

  static words({ kind, name }) {
    return kind === "new" ? `New topic: ${name}` : name;
  }

  /** A comma or a semicolon chooses as Enter does. */
  key(event) {
    if (![",", ";"].includes(event.key)) super.key(event);
    else if (this.input.value.trim()) {
      event.preventDefault();
      this.enter();
    }
  }
}
