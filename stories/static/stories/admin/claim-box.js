/* A claim made where its words stand: a small box at the selection, with who said it as the copy reads. It fills in
   a row of the form, which makes the claim when the story is saved. */

import { make } from "./autosave.js";
import { postJson } from "./heartbeat.js";
import { showMade } from "./marks.js";
import { asFields, choiceOf, PersonBox } from "./person-box.js";
import { OUTER, plainMarks } from "./plain-marks.js";
import { PlainText } from "./text.js";

const MARGIN = 8; // pixels between the box and the window's edge

/* Which of the places of `words` in the text begins at `start`: the server is told by number. */
const whichOf = (text, words, start) => {
  const parts = plainMarks(words).split(/\s+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const places = [...plainMarks(text.text).matchAll(new RegExp(parts.join("\\s+"), "g"))];
  const starts = places.map((place) => [...text.text.slice(0, place.index)].length);
  return { many: places.length, which: starts.indexOf(start) };
};

const OPEN = new Set(["\u201c", "\u2018", "\"", "'", "\u00ab"]);
const speakerIn = (row, name) => row.querySelector(`[name$="-${name}"]`);

/* Who said the claim, and how: as the copy reads, or else by the mark before the words. */
const sayer = ({ text, words, start }, reading, choice) => ({
  words,
  kind: reading?.kind ?? (OPEN.has(text.chars[start - 1]) ? "direct" : "indirect"),
  outlet: reading?.outlet ?? "",
  attribution: reading?.attribution || choice.name,
});

class ClaimBox {
  constructor(editor, data, group) {
    Object.assign(this, { editor, data, group, box: null, made: [] });
    this.button = make("button", { type: "button", class: "button desk-button", disabled: true },
      "Make a claim of the selected words");
    this.hint = make("span", { class: "help", role: "status" }, "Select somebody’s words, then Alt Enter.");
    this.list = make("ul", { class: "claims-to-make" });
    this.near = make("button", { type: "button", class: "claim-near desk-button", tabindex: "-1", hidden: true },
      "Make a claim");
    document.querySelector(".field-body .prose-editor")
      .after(make("div", { class: "make-claim" }, this.button, this.hint), this.list);
    document.body.append(this.near);
    for (const change of ["selectionUpdate", "focus"]) editor.on(change, () => this.selected());
    editor.on("blur", () => { this.near.hidden = true; });
    for (const one of [this.button, this.near]) one.addEventListener("click", () => this.open());
    this.near.addEventListener("mousedown", (event) => event.preventDefault()); // the words stay selected
    editor.view.dom.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.altKey || editor.state.selection.empty) return;
      event.preventDefault();
      this.open();
    });
    for (const row of this.rows()) if (speakerIn(row, "words").value) this.tell(row);
  }

  rows() {
    return [...this.group.querySelectorAll(".inline-related:not(.empty-form)")];
  }

  selected() {
    const { empty } = this.editor.state.selection;
    this.button.disabled = empty;
    this.near.hidden = empty || !this.editor.isFocused || !this.chosen();
    if (!this.near.hidden) this.place(this.near);
    if (this.box && this.editor.isFocused) this.close();
  }

  /** The selected words without the marks around them, and where they stand; null unless in one paragraph. */
  chosen() {
    const { from, to } = this.editor.state.selection;
    const text = new PlainText(this.editor.state.doc);
    const [first, last] = text.within(from, to);
    const raw = text.slice(first, last);
    const words = raw.replace(OUTER, "");
    if (!words || words.includes("\n\n")) return null;
    const start = first + [...raw.slice(0, raw.indexOf(words))].length;
    return { text, words, start, end: start + [...words].length };
  }

  /** Put an element under the end of the selection, within the window. */
  place(element) {
    const { left, bottom } = this.editor.view.coordsAtPos(this.editor.state.selection.to);
    const most = document.documentElement.clientWidth - element.offsetWidth - MARGIN;
    element.style.left = `${Math.max(MARGIN, Math.min(left, most)) + scrollX}px`;
    element.style.top = `${bottom + MARGIN / 2 + scrollY}px`;
  }

  open() {
    const place = this.chosen();
    if (!place) {
      this.hint.textContent = "Select words inside one paragraph.";
      return;
    }
    this.close();
    this.near.hidden = true;
    const person = new PersonBox({
      people: this.data.people, mayAdd: this.data.mayAddPeople, choose: (choice) => this.make(place, reading, choice),
    });
    const line = make("p", { class: "claim-box-read", role: "status" }, "Reading the copy …");
    let reading = null;
    person.guess(this.ask(place).then((who) => {
      reading = who;
      const choice = who && choiceOf(who, this.data.mayAddPeople);
      line.textContent = choice
        ? `As the copy reads, ${who.sure} sure. Enter takes it; type for somebody else.`
        : "The copy names nobody for these words: type who said them.";
      return choice ? [choice] : [];
    }));
    person.input.addEventListener("input", () => { line.hidden = person.input.value.trim() !== ""; });
    this.box = make("div", { class: "claim-box", role: "dialog", "aria-label": "Make a claim of the selected words" },
      make("p", { class: "claim-box-words" }, `“${place.words}”`), person.element, line,
      make("button", { type: "button", class: "link-button", onclick: () => this.leave() }, "Leave it"));
    this.box.addEventListener("keydown", (event) => this.key(event));
    document.body.append(this.box);
    this.place(this.box);
    this.mark(place);
    person.input.focus();
  }

  /* Tab goes round within the box; Esc leads back to the text. */
  key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.leave();
    } else if (event.key === "Tab") {
      const stops = [...this.box.querySelectorAll("input, button")];
      const at = stops.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
      event.preventDefault();
      stops.at(at % stops.length).focus();
    }
  }

  async ask({ text, start, end }) {
    const headline = document.getElementById("id_headline")?.value ?? "";
    return postJson(this.data.who, { text: text.text, headline, start, end }).then(({ who }) => who, () => null);
  }

  close() {
    this.box?.remove();
    this.box = null;
    this.mark();
  }

  leave() {
    this.close();
    this.editor.commands.focus();
  }

  make(place, reading, choice) {
    this.group.querySelector(".add-row a").click();
    const row = this.rows().pop();
    const { many, which } = whichOf(place.text, place.words, place.start);
    const { text, start } = place;
    const fields = {
      ...sayer(place, reading, choice),
      which: many > 1 && which >= 0 ? String(which) : "",
      ...asFields(choice),
    };
    for (const [name, value] of Object.entries(fields)) this.fill(speakerIn(row, name), value, choice.name);
    this.made.push({ row, start, end: place.end, words: text.slice(start, place.end) });
    this.tell(row, choice.name);
    this.hint.textContent = `A claim of ${choice.name}’s will be made when you save.`;
    this.leave();
  }

  fill(field, value, label) {
    if (!field) return;
    if (field.name.endsWith("-speaker") && value && ![...field.options].some((one) => one.value === value)) {
      field.append(new Option(label, value));
    }
    field.value = value;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }

  /** List a claim that is to be made, with a button that takes its row out of the form again. */
  tell(row, name) {
    const speaker = speakerIn(row, "speaker");
    const whose = name || speaker?.selectedOptions[0]?.textContent
      || speakerIn(row, "new_person")?.value || speakerIn(row, "speaker_label")?.value || "";
    const words = speakerIn(row, "words").value;
    const item = make("li", {}, `To be made when you save: “${words}” – `, make("strong", {}, whose), " ",
      make("button", {
        "type": "button", "class": "link-button", "aria-label": `Do not make “${words}” a claim`,
        "onclick": () => {
          item.remove();
          this.made = this.made.filter((one) => one.row !== row);
          (row.querySelector(".inline-deletelink") ?? row).click();
          this.mark();
          this.editor.commands.focus();
        },
      }, "Remove"));
    this.list.append(item);
  }

  /** Mark in the text what is to be made, and what the box is about. */
  mark(...more) {
    showMade(this.editor, [...this.made, ...more.map(({ text, start, end }) =>
      ({ start, end, words: text.slice(start, end) }))]);
  }
}

/** Make claims of what is selected in the editor; nothing where the form makes none. */
export const claimBox = (editor, data) => {
  const empty = document.querySelector('[id$="-empty"] textarea[name$="-words"]');
  const group = empty?.closest(".inline-group");
  return group ? new ClaimBox(editor, data, group) : null;
};
