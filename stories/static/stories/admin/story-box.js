/* The box in which a story of our own is chosen by its words; and the list of those chosen as related to a story. */

import { make } from "./autosave.js";
import { PersonBox } from "./person-box.js";

const asStory = (one) => ({ ...one, kind: "story" });

const ask = async (address, query) => {
  const response = await fetch(`${address}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } });
  return (await response.json()).results.map(asStory);
};

/** A box that finds stories, with `drafts` those that readers do not see yet, too; `choose` gets {id, name, detail,
    address, public}. */
export class StoryBox extends PersonBox {
  constructor({ stories, choose, label, without = () => [], drafts = false }) {
    super({ people: stories, choose, mayLabel: false, label });
    Object.assign(this, { without, query: drafts ? { drafts: "1" } : {} });
    this.nothing = "Type words of the story.";
    this.input.placeholder = "Words of the story";
  }

  async ask(term) {
    const found = await ask(this.people, { q: term, ...this.query }).catch(() => null);
    if (this.input.value.trim() !== term) return;
    if (found === null) this.note.textContent = "The desk did not answer; type on to ask again.";
    else if (!found.length) this.note.textContent = `No ${this.query.drafts ? "" : "published "}story has these words.`;
    const offered = (found ?? []).filter(({ id }) => !this.without().includes(id));
    this.show(offered, offered.length ? 0 : -1);
  }
}

const button = (words, name, act) => {
  const made = make("button", { type: "button", class: "front-move", "aria-label": name }, words);
  made.addEventListener("click", act);
  return made;
};

/** Make of the field with the numbers of related stories a list that is searched for and put in order. */
export const relatedStories = ({ stories, story }) => {
  const field = document.querySelector("[data-related]");
  if (!field) return;
  const known = new Map();
  const list = make("ol", { class: "related-list" });
  const numbers = () => field.value.split(/\s+/).filter(Boolean).map(Number);
  const write = (chosen) => {
    field.value = chosen.join(" ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const move = (from, to) => {
    const chosen = numbers();
    chosen.splice(to, 0, ...chosen.splice(from, 1));
    write(chosen);
    (list.children[to].querySelector(`button:nth-of-type(${from > to ? 1 : 2}):enabled`)
      ?? list.children[to].querySelector("button:enabled")).focus();
  };
  const line = (number, at, all) => {
    const { name = `Story ${number}`, detail = "", public: seen = true } = known.get(number) ?? {};
    const up = button("↑", `Move “${name}” up`, () => move(at, at - 1));
    const down = button("↓", `Move “${name}” down`, () => move(at, at + 1));
    up.disabled = at === 0;
    down.disabled = at === all.length - 1;
    const remove = button("×", `Remove “${name}”`, () => {
      write(numbers().filter((one) => one !== number));
      box.input.focus();
    });
    const note = seen ? detail : `${detail}: readers do not see it`;
    return make("li", {}, make("span", {}, name, " ", make("span", { class: "quiet" }, note)), up, down, remove);
  };
  const draw = () => list.replaceChildren(...numbers().map(line));
  const look = async () => {
    const unknown = numbers().filter((number) => !known.has(number));
    if (unknown.length) {
      const found = await ask(stories, { ids: unknown.join(",") }).catch(() => []);
      for (const one of found) known.set(one.id, one);
    }
    draw();
  };
  const box = new StoryBox({
    stories, label: "Add a related story", without: () => [story, ...numbers()],
    choose: (one) => {
      known.set(one.id, one);
      box.input.value = "";
      write([...numbers(), one.id]);
      box.input.focus();
    },
  });
  field.hidden = true;
  field.addEventListener("input", look);
  field.after(list, box.element);
  look();
};
