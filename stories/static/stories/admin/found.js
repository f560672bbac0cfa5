/* Claims found in the saved text, beside it: one key makes one a claim, one dismisses it, one takes that back. */

import { make, SignedOut } from "./autosave.js";
import { postJson } from "./heartbeat.js";
import { chooseOffer, showOffers } from "./marks.js";
import { asFields, choiceOf, PersonBox } from "./person-box.js";

const whoSaid = ({ choice, told }) => {
  if (!choice) return make("strong", {}, "Nobody is named");
  return make("span", {}, make("strong", {}, choice.name), told ? ` ${told.replace(/:$/, "")}` : "");
};

class FoundList {
  constructor(editor, data, beside) {
    Object.assign(this, { editor, data, beside });
    this.panel = document.getElementById("found");
    this.heading = document.getElementById("found-heading");
    this.list = document.getElementById("found-list");
    this.said = document.getElementById("found-said");
    this.link = make("a", { href: "#found", class: "found-count", hidden: true });
    document.getElementById("story-bar").prepend(this.link);
    this.offers = new Map();
    this.done = []; // what can be taken back: {words, body, offer, appearance}
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.enter();
    });
    // Wherever one is: after a save that is nowhere. Of selected words the same keys make a claim. Asked before the
    // editor is, which takes the keys as a new line.
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.altKey || event.defaultPrevented || !this.offers.size) return;
      if (editor.view.hasFocus() && !editor.state.selection.empty) return;
      event.preventDefault();
      this.enter();
    }, true);
  }

  enter() {
    this.list.querySelector("li")?.focus();
  }

  async load() {
    const { found } = await postJson(this.data.found.list, {});
    this.offers = new Map(found.map((one, id) => [id, { ...one, id, choice: choiceOf(one, this.data.mayAddPeople) }]));
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...[...this.offers.values()].map((offer) => this.item(offer)));
    this.count();
    showOffers(this.editor, [...this.offers.values()].map(({ id, parts }) => [id, parts]));
  }

  count() {
    const { size } = this.offers;
    const words = `${size} claim${size === 1 ? "" : "s"} found`;
    this.heading.textContent = size ? words : "Found in the text";
    this.link.textContent = words;
    this.link.hidden = size === 0;
    this.panel.hidden = size === 0 && this.done.length === 0;
    this.panel.querySelector(".found-help").hidden = size === 0;
    const items = [...this.list.children];
    items.forEach((item, number) => { item.tabIndex = number ? -1 : 0; });
  }

  item(offer) {
    const button = (words, key, act) =>
      make("button", { "type": "button", "class": "link-button", "aria-keyshortcuts": key, "onclick": act }, words);
    return make("li", { "class": "beside-claim found-claim", "data-offer": String(offer.id) },
      make("p", { class: "beside-words" }, `“${offer.words}”`),
      make("p", { class: "beside-line" }, whoSaid(offer), " ",
        make("span", { class: "quiet", title: `By the pattern: ${offer.why}` }, `${offer.sure} sure`)),
      make("p", { class: "beside-links" },
        button("Make it a claim", "a", () => this.accept(offer)),
        button("Dismiss", "d", () => this.dismiss(offer)),
        button("Somebody else", "p", () => this.ask(offer)),
        button("Show in the text", "t", () => chooseOffer(this.editor, offer.id))));
  }

  itemOf(offer) {
    return this.list.querySelector(`[data-offer="${offer.id}"]`);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    const item = event.target.closest("li");
    const offer = this.offers.get(Number(item?.dataset.offer));
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const act = step ? () => item?.[step]?.focus() : {
      a: () => this.accept(offer),
      d: () => this.dismiss(offer),
      p: () => this.ask(offer),
      t: () => chooseOffer(this.editor, offer.id),
      u: () => this.undo(),
    }[event.key];
    if (!offer || !act) return;
    event.preventDefault();
    act();
  }

  /** Ask who said it, in the offer's own place. */
  ask(offer) {
    const item = this.itemOf(offer);
    item.querySelector(".person-box")?.remove();
    const box = new PersonBox({
      people: this.data.people, mayAdd: this.data.mayAddPeople,
      choose: (choice) => this.accept(offer, choice),
    });
    box.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      box.element.remove();
      item.focus();
    });
    item.append(box.element);
    box.input.focus();
  }

  accept(offer, choice) {
    if (!choice && !offer.choice) {
      this.ask(offer);
      return;
    }
    const whose = choice ?? offer.choice;
    // What the reading says of them (their party and role, too) the desk has itself, signed.
    const body = { token: offer.token, ...(choice ? asFields(choice) : {}) };
    this.decide(offer, this.data.found.accept, body, ({ card, claim, act }) => {
      this.beside.made(card, claim);
      return { words: `A claim of ${whose.name}’s now.`, body: { act }, appearance: claim.id };
    });
  }

  dismiss(offer) {
    this.decide(offer, this.data.found.dismiss, { token: offer.token }, ({ dismissal }) =>
      ({ words: "Dismissed: these words are not offered again.", body: { dismissal } }));
  }

  async decide(offer, address, body, done) {
    if (offer.busy) return;
    offer.busy = true;
    const item = this.itemOf(offer);
    const focused = item.contains(document.activeElement);
    const answer = await this.post(address, body);
    offer.busy = false;
    if (!answer) return;
    const next = item.nextElementSibling ?? item.previousElementSibling;
    this.offers.delete(offer.id);
    this.done.push({ offer, ...done(answer) });
    item.remove();
    this.count();
    showOffers(this.editor, [...this.offers.values()].map(({ id, parts }) => [id, parts]));
    this.tell();
    if (focused) (next ?? this.said.querySelector("button"))?.focus();
  }

  tell() {
    const last = this.done.at(-1);
    this.said.replaceChildren(...(last ? [
      `${last.words} `,
      make("button", { type: "button", class: "link-button", onclick: () => this.undo() }, "Take it back ",
        make("kbd", {}, "u")),
    ] : []));
  }

  async undo() {
    const last = this.done.at(-1);
    if (!last || !(await this.post(this.data.found.undo, last.body))) return;
    this.done.pop();
    if (last.appearance) this.beside.gone(last.appearance);
    this.offers = new Map([...this.offers, [last.offer.id, last.offer]].sort(([one], [other]) => one - other));
    this.draw();
    this.tell();
    this.itemOf(last.offer).focus();
  }

  /** The desk's answer; null when it refused, and what it said is shown. */
  async post(address, body) {
    try {
      return await postJson(address, body);
    } catch (error) {
      const words = error instanceof SignedOut || error instanceof TypeError
        ? "The desk did not answer, and nothing was changed. Try it again." : error.message;
      this.said.textContent = words;
      if (error.status === 409) this.load().catch(() => {});
      return null;
    }
  }
}

/** Ask for the claims found in the saved text and offer them beside it. */
export const foundClaims = (editor, data, beside) => {
  const list = new FoundList(editor, data, beside);
  list.load().catch(() => {}); // signed out, or offline: the page says so elsewhere, and the next opening asks again
};
