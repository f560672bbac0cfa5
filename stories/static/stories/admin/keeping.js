/* Nothing typed into a form of the desk is lost: kept in this browser as one types, for the person who typed
   it; offered again when the form is next opened; a login that has expired, or a desk out of reach, is said
   before the form is sent, and the words wait. The story's page keeps them on the server, too (story.js). */

const AT_ONCE = 300; // milliseconds after the last key
const KEPT_FOR = 30 * 24 * 3600 * 1000; // milliseconds
const PREFIX = "desk-kept-";
const MARKS = ["as_shown", "opened"]; // what the form showed: words put in again began from that
const PASSED_OVER = new Set(["hidden", "file", "password", "submit", "button", "image", "reset", "fieldset"]);
const COUNT = /-(id|TOTAL_FORMS)$/;
const ROW = /^(.+)-(\d+)-(.+)$/;

const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]+)`))?.[1] ?? "";
export const token = () => cookie("csrftoken");

export class SignedOut extends Error {}
export class SomebodyElse extends Error {}

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

export const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

/** What the page says about the words it keeps, in front of `place`; `line` has what changes often. */
export const saying = ({ place, line, login }) => {
  let out = null;
  const notice = (words, buttons, kind = "") => {
    const panel = make("div", { class: `kept-offer ${kind}`, role: "alert" }, make("p", {}, words), make("p", {}, ...buttons));
    place.before(panel);
    return panel;
  };
  const say = {
    notice,
    line: (words) => { line.textContent = words; },
    signedOut: () => {
      out ??= notice("You are signed out. Your words are kept in this browser. Sign in again in another tab, come back here and save.",
        [make("a", { class: "button", href: login, target: "_blank" }, "Sign in")], "signed-out");
      out.hidden = false;
    },
    signedIn: () => {
      if (out) out.hidden = true;
      say.line("Signed in again. You can save.");
    },
    failed: (error) => {
      if (error instanceof SomebodyElse) say.line("Somebody else is signed in in this browser now. Nothing was saved; your words are kept for you.");
      else if (error instanceof TypeError) say.line("The desk cannot be reached just now. Your words are kept in this browser; save again when you are back online.");
      else say.line(`Your words are kept in this browser only: ${error.message}`);
    },
    offer: (copy, putIn, throwAway) => {
      const at = new Date(copy.at);
      const day = at.toDateString() === new Date().toDateString() ? "" : `${at.toLocaleDateString()}, `;
      const close = (act) => () => { act(); panel.remove(); };
      const panel = notice(`You wrote here and did not save (${day}${clock(at)}).`, [
        make("button", { type: "button", class: "button desk-button", onclick: close(putIn) }, "Put those words in"),
        make("button", { type: "button", class: "button desk-button", onclick: close(throwAway) }, "Throw them away"),
      ]);
    },
  };
  return say;
};

const empty = (value) => !value || (Array.isArray(value) && value.every(([key]) => !key));

const stored = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
};

const drop = (key) => {
  try {
    localStorage.removeItem(key);
  } catch {
    // The browser keeps nothing for us: there is nothing to drop.
  }
};

/** Copies that the desk says are saved, and old ones. */
export const tidy = () => {
  const saved = cookie("desk-saved");
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return;
  }
  for (const key of keys) {
    const copy = stored(key);
    if (!copy || copy.id === saved || Date.now() - new Date(copy.at) > KEPT_FOR) drop(key);
  }
};

export class Keeper {
  /** `data` is the page's #kept-form: {id, who, login}; `setText(field, html)` writes into a text editor. */
  constructor({ form, data, say, setText }) {
    Object.assign(this, { form, data, say, setText });
    this.id = data.id;
    this.key = `${PREFIX}${data.who}-${location.pathname}`;
    this.first = JSON.stringify(this.fields());
    this.signedOut = this.outOfReach = this.submitted = this.checking = this.checked = false;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.typed());
    // select2 announces itself to jQuery only.
    window.django?.jQuery?.(form).on("change", () => this.typed());
    form.addEventListener("submit", (event) => this.submitting(event));
    for (const when of ["pagehide", "visibilitychange"]) {
      addEventListener(when, () => document.visibilityState === "hidden" && this.keepHere(), true);
    }
    addEventListener("pagehide", () => this.keepHere());
    addEventListener("pageshow", (event) => { if (event.persisted) this.submitted = false; });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && (this.signedOut || this.outOfReach)) this.look();
    });
  }

  /** Whether leaving the page now would leave words behind. */
  warnOnLeaving() {
    addEventListener("beforeunload", (event) => {
      if (!this.submitted && this.dirty) event.preventDefault();
    });
  }

  keeps(field) {
    const { name, type } = field;
    if (!name || name.startsWith("_") || name.includes("__prefix__") || field.closest(".selector")) return false;
    return type === "hidden" ? COUNT.test(name) : !PASSED_OVER.has(type);
  }

  fields() {
    const kept = {};
    for (const field of this.form.elements) {
      if (!this.keeps(field)) continue;
      if (field.options) kept[field.name] = [...field.selectedOptions].map((option) => [option.value, option.textContent]);
      else if (field.type === "checkbox") kept[field.name] = field.checked;
      else if (field.type !== "radio") kept[field.name] = field.value;
      else if (field.checked) kept[field.name] = field.value;
    }
    return kept;
  }

  marks() {
    return Object.fromEntries(MARKS.filter((name) => this.form.elements[name]).map((name) => [name, this.form.elements[name].value]));
  }

  get dirty() {
    return JSON.stringify(this.fields()) !== this.first;
  }

  typed() {
    clearTimeout(this.here);
    this.here = setTimeout(() => this.keepHere(), AT_ONCE);
  }

  keepHere(more = {}) {
    if (this.submitted || (!this.dirty && !more.submitted)) return;
    const copy = { id: this.id, fields: this.fields(), marks: this.marks(), at: new Date().toISOString(), ...more };
    try {
      localStorage.setItem(this.key, JSON.stringify(copy));
    } catch {
      // The browser keeps nothing for us (private window, full).
    }
  }

  forget() {
    drop(this.key);
  }

  /** Ask whether the desk is there and knows who this is. Throws SignedOut, SomebodyElse, TypeError. */
  async reach() {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
    const who = answer.headers.get("X-Signed-In");
    if (answer.redirected || !who) throw new SignedOut(String(answer.status));
    if (who !== String(this.data.who)) throw new SomebodyElse(who);
  }

  /** Returns whether the form can be sent. */
  async look() {
    try {
      await this.reach();
    } catch (error) {
      if (error.name === "AbortError") return false;
      this.keepHere();
      this.signedOut = error instanceof SignedOut;
      this.outOfReach = !this.signedOut;
      if (this.signedOut) this.say.signedOut();
      else this.say.failed(error);
      return false;
    }
    if (this.signedOut) this.say.signedIn();
    else if (this.outOfReach) this.say.line("The desk is there again. You can save.");
    this.signedOut = this.outOfReach = false;
    const { csrfmiddlewaretoken } = this.form.elements; // another after each login
    csrfmiddlewaretoken.value = token() || csrfmiddlewaretoken.value;
    return true;
  }

  mustLook() {
    return true;
  }

  async submitting(event) {
    const button = event.submitter;
    if (event.defaultPrevented || button?.hasAttribute("formtarget")) return; // a preview is no save
    if (!this.checked && this.mustLook()) {
      event.preventDefault();
      if (this.checking) return;
      this.checking = true;
      this.checked = await this.look();
      this.checking = false;
      if (this.checked) this.form.requestSubmit(button);
      this.checked = false;
      return;
    }
    this.keepHere({ submitted: true });
    this.submitted = true;
    clearTimeout(this.here);
  }

  /** Words typed before and never saved: offered, not put in unasked. */
  offer(others = []) {
    if (document.querySelector(".errornote, #meanwhile, #story-merge, #story-held")) return; // they stand in the form
    const here = stored(this.key);
    const copies = [here, ...others].filter((copy) => copy && this.differs(copy.fields));
    if (!copies.length) {
      if (here) this.forget();
      return;
    }
    copies.sort((one, other) => (one.at < other.at ? 1 : -1));
    this.say.offer(copies[0], () => this.putIn(copies[0]), () => this.throwAway());
  }

  differs(fields) {
    const now = this.fields();
    return Object.entries(fields).some(([name, value]) => !COUNT.test(name)
      && (name in now ? JSON.stringify(now[name]) !== JSON.stringify(value) : ROW.test(name) && !empty(value)));
  }

  putIn(copy) {
    const rows = this.rowsFor(copy.fields);
    for (const [name, value] of Object.entries(copy.fields)) {
      const [, prefix, number, rest] = name.match(ROW) ?? [];
      const row = prefix && rows[prefix] ? rows[prefix][number] : undefined;
      if (COUNT.test(name) || (prefix && rows[prefix] && row === undefined)) continue;
      this.fill(prefix && rows[prefix] ? `${prefix}-${row}-${rest}` : name, value);
    }
    // They began from that state: if somebody saved since, the save puts both together.
    for (const name of MARKS) {
      if (copy.marks?.[name] && this.form.elements[name]) this.form.elements[name].value = copy.marks[name];
    }
    if (copy.id) this.id = copy.id;
    this.typed();
  }

  /** Where the copy's rows are now: {prefix: {number then: number now}}. New ones are added. */
  rowsFor(fields) {
    const rows = {};
    for (const [name, total] of Object.entries(fields)) {
      const prefix = name.match(/^(.+)-TOTAL_FORMS$/)?.[1];
      const count = this.form.elements[name];
      if (!prefix || !count) continue;
      rows[prefix] = {};
      for (let number = 0; number < Number(total); number += 1) {
        const pk = fields[`${prefix}-${number}-id`];
        const there = [...Array(Number(count.value)).keys()];
        let now = pk ? there.find((one) => this.form.elements[`${prefix}-${one}-id`]?.value === pk) : undefined;
        const own = Object.entries(fields).filter(([key]) => key.startsWith(`${prefix}-${number}-`) && !COUNT.test(key));
        if (now === undefined && own.some(([, value]) => !empty(value))) {
          now = Number(count.value);
          document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`)?.click();
        }
        if (now !== undefined && now < Number(count.value)) rows[prefix][number] = now;
      }
    }
    return rows;
  }

  fill(name, value) {
    for (const field of this.form.elements) {
      if (field.name !== name || !this.keeps(field)) continue;
      if (field.options) {
        for (const [key, label] of value) {
          if (![...field.options].some((option) => option.value === key)) field.add(new Option(label, key));
        }
        for (const option of field.options) option.selected = value.some(([key]) => key === option.value);
        window.django?.jQuery?.(field).trigger("change");
      } else if (field.type === "checkbox") field.checked = value;
      else if (field.type === "radio") field.checked = field.value === value;
      else if (!this.setText?.(field, value)) field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  throwAway() {
    this.forget();
  }
}
