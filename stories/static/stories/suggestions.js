// Suggestions under a search field while somebody types. Without this file the form works as it is.
"use strict";
{
  const WAIT = 150; // milliseconds without a key before the server is asked
  const FEWEST = 2; // letters
  const known = new Map();
  let boxes = 0;

  const made = (name, attributes = {}, text = "") => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  };

  /** What the server suggests; asked once for the same words, and [] where it cannot be reached. */
  const suggested = async (address, words, signal) => {
    const key = words.toLowerCase();
    if (!known.has(key)) {
      const response = await fetch(`${address}?q=${encodeURIComponent(words)}`, { signal });
      if (!response.ok) return [];
      known.set(key, (await response.json()).suggestions);
    }
    return known.get(key);
  };

  /** A combobox with a list of addresses: WAI-ARIA, "editable combobox with list autocomplete". */
  class Box {
    constructor(form) {
      boxes += 1;
      this.address = form.dataset.suggestions;
      this.input = form.querySelector("input[type=search]");
      this.list = made("ul", {
        id: `suggestions-${boxes}`, class: "suggestions", role: "listbox", "aria-label": "Suggestions",
      });
      this.list.hidden = true;
      this.status = made("span", { class: "unseen", role: "status" });
      this.found = [];
      this.at = -1;
      for (const [name, value] of Object.entries({
        role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
      })) this.input.setAttribute(name, value);
      form.append(this.list, this.status);
      this.listen();
      if (this.input.value !== this.input.defaultValue) this.typed(); // while this file was on its way
    }

    listen() {
      this.input.addEventListener("input", () => this.typed());
      this.input.addEventListener("keydown", (event) => this.pressed(event));
      this.input.addEventListener("blur", () => this.close());
      // The field keeps the focus while an option is clicked, or the list would be gone before the click.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.go(Number(option.dataset.place));
      });
    }

    typed() {
      clearTimeout(this.waiting);
      this.asked?.abort();
      const words = this.input.value.trim();
      if (words.length < FEWEST) this.close();
      else this.waiting = setTimeout(() => this.ask(words), WAIT);
    }

    async ask(words) {
      this.asked = new AbortController();
      const { signal } = this.asked;
      try {
        const found = await suggested(this.address, words, signal);
        if (!signal.aborted) this.show(found);
      } catch {
        // The server is away, or somebody typed on: what they then ask is answered.
      }
    }

    show(found) {
      this.found = found;
      this.at = -1;
      this.list.replaceChildren(...found.map((one, place) => {
        const option = made("li", {
          id: `${this.list.id}-${place}`, role: "option", "aria-selected": "false", "data-place": place,
        });
        const kind = one.note ? `${one.kind}: ${one.note}` : one.kind;
        option.append(made("span", { dir: "auto" }, one.name), " ", made("span", { class: "soft" }, kind));
        return option;
      }));
      this.input.removeAttribute("aria-activedescendant");
      const open = found.length > 0 && document.activeElement === this.input;
      this.list.hidden = !open;
      this.input.setAttribute("aria-expanded", String(open));
      this.status.textContent = open ? `${found.length} suggestion${found.length === 1 ? "" : "s"}` : "";
    }

    close() {
      clearTimeout(this.waiting);
      this.asked?.abort();
      this.show([]);
    }

    go(place) {
      location.assign(this.found[place].address);
    }

    move(place) {
      const options = [...this.list.children];
      const last = options.length - 1;
      this.at = place > last ? -1 : place < -1 ? last : place;
      for (const option of options) option.setAttribute("aria-selected", String(option === options[this.at]));
      if (this.at < 0) this.input.removeAttribute("aria-activedescendant");
      else {
        this.input.setAttribute("aria-activedescendant", options[this.at].id);
        options[this.at].scrollIntoView({ block: "nearest" });
      }
    }

    pressed(event) {
      if (this.list.hidden || event.isComposing) return;
      const act = {
        ArrowDown: () => this.move(this.at + 1),
        ArrowUp: () => this.move(this.at - 1),
        Escape: () => this.close(),
        Enter: this.at >= 0 && (() => this.go(this.at)),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    }
  }

  for (const form of document.querySelectorAll("form[data-suggestions]")) new Box(form);
}
