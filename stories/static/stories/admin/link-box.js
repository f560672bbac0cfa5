/* The link of the selected words: to a story of our own, found by its words, or to an address that is pasted. */

import { pm } from "django-prose-editor/editor";
import { make } from "./autosave.js";
import { StoryBox } from "./story-box.js";

const MARGIN = 8; // pixels between the box and the window's edge
const SCHEME = /^(https?:\/\/|mailto:)\S+$/i;
const HOST = /^(?:www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\/)\S*$/i;
const MAIL = /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/;
const UNSEEN = "readers do not see it yet";

/** `typed` as the address of a link, one of our own without the host's name; null when it is none. */
export const addressOf = (typed, host) => {
  const words = typed.trim();
  if (/^[/#]\S*$/.test(words) && !words.startsWith("//")) return words;
  if (MAIL.test(words)) return `mailto:${words}`;
  const whole = HOST.test(words) ? `https://${words}` : words;
  if (!SCHEME.test(whole) || !URL.canParse(whole)) return null;
  const address = new URL(whole);
  if (address.protocol !== "mailto:" && address.host === host) return address.pathname + address.search + address.hash;
  return whole;
};

class TargetBox extends StoryBox {
  constructor({ host, ...options }) {
    super({ ...options, drafts: true, label: "Words of a story, or an address" });
    this.host = host;
    this.nothing = "Type words of a story, or paste an address.";
    this.input.placeholder = "Words of a story, or an address";
    this.input.maxLength = 2000;
  }

  async ask(term) {
    const address = addressOf(term, this.host);
    if (address) this.show([{ kind: "address", name: `Link to ${address}`, address }], 0);
    else await super.ask(term);
  }
}

const keys = (open) => new pm.state.Plugin({
  props: {
    handleKeyDown: (view, event) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return false;
      event.preventDefault();
      open();
      return true;
    },
  },
});

class LinkBox {
  constructor(editor, { stories, story, card }) {
    Object.assign(this, { editor, stories, story, host: card?.host, box: null });
    this.said = make("p", { class: "help link-said", role: "status" });
    editor.view.dom.closest(".prose-editor").after(this.said);
    document.addEventListener("mousedown", ({ target }) => {
      if (this.box && !this.box.contains(target)) this.close();
    });
  }

  /* The link at the selection, or none. */
  present() {
    return this.editor.isActive("link") ? this.editor.getAttributes("link").href : null;
  }

  open() {
    this.close();
    const present = this.present();
    const target = new TargetBox({
      stories: this.stories, host: this.host, without: () => [this.story], choose: (one) => this.put(one),
    });
    this.box = make("div", { class: "claim-box link-box", role: "dialog", "aria-label": "Link" },
      ...(present === null ? [] : [this.line(present)]), target.element,
      make("button", { type: "button", class: "link-button", onclick: () => this.leave() }, "Leave it"));
    this.box.addEventListener("keydown", (event) => this.key(event));
    document.body.append(this.box);
    this.place();
    target.input.focus();
  }

  line(address) {
    return make("p", { class: "link-present" }, "Leads to ",
      make("span", { class: "link-address", dir: "ltr" }, address), " ",
      make("a", { href: address, target: "_blank", rel: "noopener" }, "Open"), " ",
      make("button", { type: "button", class: "link-button", onclick: () => this.remove() }, "Remove the link"));
  }

  place() {
    const { left, bottom } = this.editor.view.coordsAtPos(this.editor.state.selection.to);
    const most = document.documentElement.clientWidth - this.box.offsetWidth - MARGIN;
    this.box.style.left = `${Math.max(MARGIN, Math.min(left, most)) + scrollX}px`;
    this.box.style.top = `${bottom + MARGIN / 2 + scrollY}px`;
    this.box.scrollIntoView({ block: "nearest" });
  }

  /* Tab goes round within the box; Esc leads back to the text. */
  key(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.leave();
    } else if (event.key === "Tab") {
      const stops = [...this.box.querySelectorAll("a, input, button")];
      const at = stops.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
      event.preventDefault();
      stops.at(at % stops.length).focus();
    }
  }

  close() {
    this.box?.remove();
    this.box = null;
  }

  leave() {
    this.close();
    this.editor.commands.focus();
  }

  put({ kind, name, address, public: seen }) {
    const chain = this.editor.chain();
    const words = kind === "story" ? name : address;
    if (this.present() !== null) chain.extendMarkRange("link").setMark("link", { href: address });
    else if (!this.editor.state.selection.empty) chain.setMark("link", { href: address });
    else chain.insertContent({ type: "text", text: words, marks: [{ type: "link", attrs: { href: address } }] });
    chain.run();
    this.say(kind === "story" ? `Linked to “${name}”${seen ? "." : `: ${UNSEEN}.`}` : `Linked to ${address}.`);
    this.leave();
  }

  remove() {
    this.editor.chain().extendMarkRange("link").unsetMark("link").run();
    this.say("The link is removed.");
    this.leave();
  }

  say(words) {
    this.said.textContent = words;
  }
}

/** Let the toolbar's button and Ctrl+K open the box; `data` is the page's #story-desk. */
export const linkBox = (editor, data) => {
  const box = new LinkBox(editor, data);
  editor.registerPlugin(keys(() => box.open()), (own, others) => [own, ...others]);
  // The toolbar is drawn after its editor is ready; its own button would open another box.
  editor.view.dom.closest(".prose-editor").addEventListener("click", (event) => {
    if (!event.target.closest?.('.prose-menubar [data-name="link"]')) return;
    event.preventDefault();
    event.stopPropagation();
    box.open();
  }, true);
};
