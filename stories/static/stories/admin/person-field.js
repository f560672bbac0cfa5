/* Selects that choose people or topics, drawn as the box in which they are chosen everywhere at the desk. What is typed
   stays until it is chosen, cleared or put right: a form with words that name nobody is not sent. Without it the
   fields beside the select take a name or a label. */

import { make } from "./autosave.js";
import { PersonBox } from "./person-box.js";
import { TopicBox } from "./topic-box.js";

const NOBODY = "Nobody is chosen yet: take a line of the list, or empty the box.";
const NO_TOPIC = "No topic is chosen yet: take a line of the list, or empty the box.";
const partsOf = (names) => names.split(/[,;]/).map((name) => name.trim()).filter(Boolean);
const fold = (name) => name.trim().replace(/\s+/g, " ").toLowerCase();

const set = (field, value) => {
  if (!field || field.value === value) return;
  field.value = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
};

const told = { new: "gets a record when this is saved", label: "no record: only as a label" };

class PersonField {
  constructor(select) {
    this.select = select;
    const { people, mayAdd, label } = select.dataset;
    const number = select.name.match(/-(\d+)-\w+$/)?.[1]; // of a row that was added to the form
    const beside = (name) => document.getElementById(select.dataset[name]?.replace("__prefix__", number) ?? "");
    this.fields = { new: beside("new"), namesake: beside("namesake"), label: beside("label") };
    this.topics = select.dataset.topics !== undefined;
    this.box = new (this.topics ? TopicBox : PersonBox)({
      people, mayAdd: this.topics || (mayAdd !== undefined && Boolean(this.fields.new)), mayLabel: Boolean(label),
      label: select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace(/:$/, "") || "A person",
      choose: (choice) => this.choose(choice),
    });
    this.typed = false; // words that nobody is chosen by yet
    this.draw();
  }

  /** Put the box in the select's place, with its label, its help and what is chosen. */
  draw() {
    const { box: { input, element }, select } = this;
    const asked = this.fields.label ? "A name, or what to call them" : "A name";
    input.placeholder = this.topics ? "A topic" : asked;
    if (select.labels?.length) {
      input.id = `${select.id}-box`;
      for (const label of [...select.labels]) label.htmlFor = input.id;
      input.removeAttribute("aria-label");
    }
    const help = select.getAttribute("aria-describedby");
    if (help) input.setAttribute("aria-describedby", help);
    select.hidden = true;
    this.chips = select.multiple ? make("ul", { class: "person-chips" }) : null;
    select.after(...[this.chips, element].filter(Boolean));
    this.hideOthers();
    this.listen();
    this.show();
    if (select.autofocus) input.focus();
  }

  /** The fields that the box fills in need not be seen, unless something is wrong with one. */
  hideOthers() {
    for (const name of ["new", "label"]) {
      const row = this.fields[name]?.closest(".form-row, .fieldBox");
      if (row && !row.querySelector(".errorlist") && !row.contains(this.select)) row.hidden = true;
    }
  }

  listen() {
    const { box: { input }, select } = this;
    input.addEventListener("input", () => {
      this.typed = input.value.trim() !== "";
      if (!this.typed && !select.multiple) this.clear();
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.settle());
    const shown = () => { if (!this.typed) this.show(); };
    for (const field of [select, this.fields.label, this.fields.new]) field?.addEventListener("change", shown);
    // Django's window for a new record tells jQuery alone.
    window.django?.jQuery?.(select).on("change", shown);
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.select.form.requestSubmit();
    else if (event.key === "Escape" && !this.box.list.hidden) {
      event.stopPropagation();
      this.close();
    }
  }

  chosen() {
    return [...this.select.options].filter((option) => option.selected && option.value);
  }

  close() {
    this.box.list.hidden = true;
    this.box.input.setAttribute("aria-expanded", "false");
  }

  /** Show what the fields say. */
  show() {
    const { input, note } = this.box;
    const chosen = this.chosen();
    if (this.chips) {
      this.chips.replaceChildren(...chosen.map((option) => this.chip(option)));
      return;
    }
    const kind = ["new", "label"].find((name) => this.fields[name]?.value);
    input.value = chosen[0]?.text ?? (kind ? this.fields[kind].value : "");
    note.textContent = chosen[0]?.dataset.detail ?? told[kind] ?? "";
  }

  chip(option) {
    const remove = () => {
      option.selected = false;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
      this.box.input.focus();
    };
    return make("li", {}, make("span", { class: "person-name" }, option.text), " ",
      make("span", { class: "person-detail" }, option.dataset.detail ?? ""),
      make("button", {
        "type": "button", "class": "chip-off", "aria-label": `Remove ${option.text}`, "onclick": remove,
      }, "×"));
  }

  clear() {
    set(this.select, "");
    for (const field of Object.values(this.fields)) set(field, "");
    this.box.note.textContent = "";
  }

  take(value, name, detail = "") {
    let option = [...this.select.options].find((one) => one.value === value);
    if (!option) {
      option = new Option(name, value);
      this.select.append(option);
    }
    option.dataset.detail = detail;
    option.selected = true;
  }

  choose(choice) {
    const { kind, id, name, detail, namesake } = choice;
    this.typed = false;
    if (kind === "person") this.take(String(id), name, detail);
    else if (this.topics) for (const part of partsOf(name)) this.take(part, part);
    else this.select.value = "";
    set(this.fields.new, kind === "new" ? name : "");
    set(this.fields.namesake, kind === "new" && namesake ? "on" : "");
    set(this.fields.label, kind === "label" ? name : "");
    if (this.chips) this.box.input.value = "";
    this.box.show([], -1);
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
  }

  /** Who is left with words typed has chosen whoever bears that very name, if it is one person alone. */
  async settle() {
    if (!this.typed) {
      this.close();
      return;
    }
    await this.box.asked;
    const words = fold(this.box.input.value);
    const same = this.box.options.filter(({ kind, name }) => kind === "person" && fold(name) === words);
    if (!this.typed || document.activeElement === this.box.input) return;
    this.close();
    if (same.length === 1) this.choose(same[0]);
    else this.box.note.textContent = this.nobody;
  }

  get nobody() {
    return this.topics ? NO_TOPIC : NOBODY;
  }
}

const drawn = new Map();

/** Draw the selects that choose people within `root`. */
export const drawPersonFields = (root = document) => {
  for (const select of root.querySelectorAll("select.person-select")) {
    if (drawn.has(select) || select.name.includes("__prefix__")) continue;
    drawn.set(select, new PersonField(select));
  }
};

document.addEventListener("submit", (event) => {
  const left = [...drawn.values()].find(({ select, typed }) => typed && select.form === event.target);
  if (!left) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  left.box.note.textContent = left.nobody;
  left.box.input.focus();
}, true);
