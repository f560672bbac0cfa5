/* Autosave of any form of the desk. What is typed is saved in this browser, for the person who typed it, and
   offered when the form is next opened. Before a form is sent the session is checked: if the login has expired or
   the desk cannot be reached, the page says so and the form stays. heartbeat.js also saves a story on the server. */

const SAVE_DELAY = 300; // milliseconds after the last key
const MAX_AGE = 30 * 24 * 3600 * 1000; // milliseconds
const PREFIX = "desk-kept-";
const BASE_FIELDS = ["as_shown", "opened"]; // what the form showed: words put in again began from that
const SKIPPED_TYPES = new Set(["hidden", "file", "password", "submit", "button", "image", "reset", "fieldset"]);
const MANAGEMENT = /-(id|TOTAL_FORMS)$/;
const TOTAL = /^(.+)-TOTAL_FORMS$/;
const ROW_FIELD = /^(.+)-(\d+)-(.+)$/;

const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]+)`))?.[1] ?? "";
export const csrfToken = () => cookie("csrftoken");

export class SignedOut extends Error {}
export class OtherUser extends Error {}

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
};

export const formatTime = (date) =>
  date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false });
const formatDay = (date) => date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

const SIGNED_OUT = "You are signed out. Your words are kept in this browser. "
  + "Sign in again in another tab, come back here and save.";
const OTHER_USER = "Somebody else is signed in in this browser now. Nothing was saved; your words are kept for you.";
const UNREACHABLE = "The desk cannot be reached just now. Your words are kept in this browser; "
  + "save again when you are back online.";
const SAVED_LATER = "The desk cannot be reached just now. Your words are kept in this browser, "
  + "and are saved when you are back online.";

/** Show what became of the words: notices before the element `place`, and what changes often in `line`. */
export const statusMessages = ({ place, line, login }) => {
  let out = null;
  const notice = (words, buttons, kind = "") => {
    const panel = make("div", { class: `kept-offer ${kind}`, role: "alert" },
      make("p", {}, words), make("p", {}, ...buttons));
    place.before(panel);
    return panel;
  };
  const status = {
    notice,
    line: (words) => { line.textContent = words; },
    signedOut: () => {
      const link = () => make("a", { class: "button", href: login, target: "_blank" }, "Sign in");
      out ??= notice(SIGNED_OUT, [link()], "signed-out");
      out.hidden = false;
    },
    signedIn: () => {
      if (out) out.hidden = true;
      status.line("Signed in again. You can save.");
    },
    failed: (error) => {
      if (error instanceof OtherUser) status.line(OTHER_USER);
      else if (error instanceof TypeError) status.line(UNREACHABLE);
      else status.line(`Your words are kept in this browser only: ${error.message}`);
    },
    offer: (copy, restore, discard) => {
      const at = new Date(copy.at);
      const day = at.toDateString() === new Date().toDateString() ? "" : `${formatDay(at)}, `;
      const close = (act) => () => { act(); panel.remove(); };
      const panel = notice(`You wrote here and did not save (${day}${formatTime(at)}).`, [
        make("button", { type: "button", class: "button desk-button", onclick: close(restore) }, "Restore those words"),
        make("button", { type: "button", class: "button desk-button", onclick: close(discard) }, "Discard them"),
      ]);
    },
  };
  return status;
};

const isEmpty = (value) => !value || (Array.isArray(value) && value.every(([key]) => !key));

/** Tell whether a copy has anything typed into the row whose fields begin with `prefix`. */
const hasWords = (fields, prefix) =>
  Object.entries(fields).some(([name, value]) => name.startsWith(prefix) && !MANAGEMENT.test(name) && !isEmpty(value));

/** Return the name that a copy's field has in the form now; null for one that is not to be filled. */
const currentName = (name, rows) => {
  if (MANAGEMENT.test(name)) return null;
  const [, prefix, number, rest] = name.match(ROW_FIELD) ?? [];
  if (!prefix || !rows[prefix]) return name;
  const row = rows[prefix][number];
  return row === undefined ? null : `${prefix}-${row}-${rest}`;
};

/** Choose the options of `chosen`, [[value, label]], in a list; one that it has not is added to it. */
const selectOptions = (field, chosen) => {
  for (const [value, label] of chosen) {
    if (![...field.options].some((option) => option.value === value)) field.add(new Option(label, value));
  }
  for (const option of field.options) option.selected = chosen.some(([value]) => value === option.value);
  window.django?.jQuery?.(field).trigger("change");
};

const readCopy = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
};

const removeCopy = (key) => {
  try {
    localStorage.removeItem(key);
  } catch {
    // The browser keeps nothing for us: there is nothing to remove.
  }
};

/** Remove the copies that the desk says are saved, and those older than MAX_AGE. */
export const removeOldCopies = () => {
  const saved = cookie("desk-saved");
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return;
  }
  for (const key of keys) {
    const copy = readCopy(key);
    if (!copy || copy.id === saved || Date.now() - new Date(copy.at) > MAX_AGE) removeCopy(key);
  }
};

export class Autosave {
  /** `data` is the page's #kept-form: {id, who, login}; `status` as statusMessages returns it;
      `setText(field, html)` writes into a text editor and tells whether there is one. */
  constructor({ form, data, status, setText }) {
    Object.assign(this, { form, data, status, setText });
    this.id = data.id;
    this.key = `${PREFIX}${data.who}-${location.pathname}`;
    this.initial = JSON.stringify(this.values());
    this.signedOut = this.unreachable = this.submitted = this.checking = this.checked = false;
    this.waiting = null; // the button of a save that waits for the network
    form.addEventListener("input", () => this.inputReceived());
    form.addEventListener("change", () => this.inputReceived());
    // select2 announces itself to jQuery only.
    window.django?.jQuery?.(form).on("change", () => this.inputReceived());
    form.addEventListener("submit", (event) => this.submitRequested(event));
    for (const when of ["pagehide", "visibilitychange"]) {
      addEventListener(when, () => document.visibilityState === "hidden" && this.saveLocally(), true);
    }
    addEventListener("pagehide", () => this.saveLocally());
    addEventListener("online", () => { if (this.waiting) this.form.requestSubmit(this.waiting); });
    addEventListener("pageshow", (event) => { if (event.persisted) this.submitted = false; });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && (this.signedOut || this.unreachable)) this.checkSession();
    });
  }

  /** Let the browser ask before the page is left with words that are not saved. */
  warnOnLeaving() {
    addEventListener("beforeunload", (event) => {
      if (!this.submitted && this.isDirty) event.preventDefault();
    });
  }

  includes(field) {
    const { name, type } = field;
    if (!name || name.startsWith("_") || name.includes("__prefix__") || field.closest(".selector")) return false;
    return type === "hidden" ? MANAGEMENT.test(name) : !SKIPPED_TYPES.has(type);
  }

  values() {
    const values = {};
    for (const field of this.form.elements) {
      if (!this.includes(field)) continue;
      if (field.options) values[field.name] = [...field.selectedOptions].map((one) => [one.value, one.textContent]);
      else if (field.type === "checkbox") values[field.name] = field.checked;
      else if (field.type !== "radio") values[field.name] = field.value;
      else if (field.checked) values[field.name] = field.value;
    }
    return values;
  }

  baseValues() {
    const { elements } = this.form;
    return Object.fromEntries(BASE_FIELDS.filter((name) => elements[name]).map((name) => [name, elements[name].value]));
  }

  get isDirty() {
    return JSON.stringify(this.values()) !== this.initial;
  }

  inputReceived() {
    clearTimeout(this.localTimer);
    this.localTimer = setTimeout(() => this.saveLocally(), SAVE_DELAY);
  }

  saveLocally(more = {}) {
    if (this.submitted || (!this.isDirty && !more.submitted)) return;
    const at = new Date().toISOString();
    const copy = { id: this.id, fields: this.values(), marks: this.baseValues(), at, ...more };
    try {
      localStorage.setItem(this.key, JSON.stringify(copy));
    } catch {
      // The browser keeps nothing for us (private window, full).
    }
  }

  removeLocalCopy() {
    removeCopy(this.key);
  }

  /** Ask whether the desk is there and knows who this is. Throws SignedOut, OtherUser, TypeError. */
  async ping() {
    const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
    const who = answer.headers.get("X-Signed-In");
    if (answer.redirected || !who) throw new SignedOut(String(answer.status));
    if (who !== String(this.data.who)) throw new OtherUser(who);
  }

  /** Returns whether the form can be sent. */
  async checkSession() {
    try {
      await this.ping();
    } catch (error) {
      if (error.name === "AbortError") return false;
      this.saveLocally();
      this.signedOut = error instanceof SignedOut;
      this.unreachable = !this.signedOut;
      if (this.signedOut) this.status.signedOut();
      else this.status.failed(error);
      return false;
    }
    if (this.signedOut) this.status.signedIn();
    else if (this.unreachable) this.status.line("The desk is there again. You can save.");
    this.signedOut = this.unreachable = false;
    const { csrfmiddlewaretoken } = this.form.elements; // another after each login
    csrfmiddlewaretoken.value = csrfToken() || csrfmiddlewaretoken.value;
    return true;
  }

  mustCheck() {
    return true;
  }

  async submitRequested(event) {
    const button = event.submitter;
    if (event.defaultPrevented || button?.hasAttribute("formtarget")) return; // a preview is no save
    if (!this.checked && this.mustCheck()) {
      event.preventDefault();
      if (this.checking) return;
      this.checking = true;
      this.checked = await this.checkSession();
      this.checking = false;
      if (this.checked) this.form.requestSubmit(button);
      else this.wait(button);
      this.checked = false;
      return;
    }
    this.saveLocally({ submitted: true });
    this.submitted = true;
    clearTimeout(this.localTimer);
  }

  /** Save when the network is back; nothing is published or withdrawn so. */
  wait(button) {
    const out = this.unreachable && navigator.onLine === false;
    this.waiting = out && ["_save", "_continue"].includes(button?.name) ? button : null;
    if (this.waiting) this.status.line(SAVED_LATER);
  }

  /** Offer the newest copy of words typed before and never saved; nothing is put in unasked. */
  offerCopies(others = []) {
    if (document.querySelector(".errornote, #meanwhile, #story-merge, #story-held")) return; // they stand in the form
    const here = readCopy(this.key);
    const copies = [here, ...others].filter((copy) => copy && this.differs(copy.fields));
    if (!copies.length) {
      if (here) this.removeLocalCopy();
      return;
    }
    copies.sort((one, other) => (one.at < other.at ? 1 : -1));
    this.status.offer(copies[0], () => this.restore(copies[0]), () => this.discard());
  }

  differs(fields) {
    const now = this.values();
    return Object.entries(fields).some(([name, value]) => {
      if (MANAGEMENT.test(name)) return false;
      if (name in now) return JSON.stringify(now[name]) !== JSON.stringify(value);
      return ROW_FIELD.test(name) && !isEmpty(value);
    });
  }

  restore(copy) {
    const rows = this.matchRows(copy.fields);
    for (const [name, value] of Object.entries(copy.fields)) {
      const current = currentName(name, rows);
      if (current !== null) this.fillField(current, value);
    }
    // They began from that state: if somebody saved since, the save puts both together.
    for (const name of BASE_FIELDS) {
      if (copy.marks?.[name] && this.form.elements[name]) this.form.elements[name].value = copy.marks[name];
    }
    if (copy.id) this.id = copy.id;
    this.inputReceived();
  }

  /** Return where the copy's rows are now, {prefix: {number then: number now}}; rows are added for new ones. */
  matchRows(fields) {
    const rows = {};
    for (const [name, total] of Object.entries(fields)) {
      const prefix = name.match(TOTAL)?.[1];
      if (!prefix || !this.form.elements[name]) continue;
      rows[prefix] = {};
      for (let number = 0; number < Number(total); number += 1) {
        let row = this.rowWithId(prefix, fields[`${prefix}-${number}-id`]);
        if (row === undefined && hasWords(fields, `${prefix}-${number}-`)) row = this.addRow(prefix);
        if (row !== undefined) rows[prefix][number] = row;
      }
    }
    return rows;
  }

  rowCount(prefix) {
    return Number(this.form.elements[`${prefix}-TOTAL_FORMS`].value);
  }

  /** Return the number of the form's row of that id; undefined when there is none. */
  rowWithId(prefix, id) {
    if (!id) return undefined;
    const numbers = [...Array(this.rowCount(prefix)).keys()];
    return numbers.find((number) => this.form.elements[`${prefix}-${number}-id`]?.value === id);
  }

  /** Press the button that adds a row. Returns the row's number; undefined when none was added. */
  addRow(prefix) {
    const number = this.rowCount(prefix);
    document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`)?.click();
    return number < this.rowCount(prefix) ? number : undefined;
  }

  fillField(name, value) {
    for (const field of this.form.elements) {
      if (field.name !== name || !this.includes(field)) continue;
      if (field.options) selectOptions(field, value);
      else if (field.type === "checkbox") field.checked = value;
      else if (field.type === "radio") field.checked = field.value === value;
      else if (!this.setText?.(field, value)) field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  discard() {
    this.removeLocalCopy();
  }
}
