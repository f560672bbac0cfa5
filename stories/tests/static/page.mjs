/* A page for the scripts to run in, without a browser: jsdom's document, a clock that a test moves on, and a server
   that answers as the test says. jsdom draws nothing; what needs a layout is tested in stories/tests/browser. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach } from "node:test";
import vm from "node:vm";

const { JSDOM, VirtualConsole } = createRequire(new URL("../../../.eslint/package.json", import.meta.url))("jsdom");
const SCRIPTS = new URL("../../static/stories/", import.meta.url);
const EDITOR = `file://${process.env.PROSE_EDITOR}/`; // the folder of django-prose-editor's scripts
const PICTURES = new URL("admin/picture-in-text.js", SCRIPTS).href;
// As the body's textarea has it (models/fields.py), without the toolbar.
const EXTENSIONS = {
  StoryDocument: true, Paragraph: true, Text: true, Bold: true, Italic: true, BulletList: true, OrderedList: true,
  ListItem: true, Blockquote: true, Heading: { levels: [2, 3] }, Link: true, HardBreak: true, History: true,
  Picture: { media: "/media/", sized: "/media/sized/640/", ending: ".webp" },
};

/** What the server's own functions answer, for the scripts that must answer the same: see test_scripts.py. */
export const server = () => JSON.parse(readFileSync(process.env.SERVER_ANSWERS, "utf8"));

/** Let everything happen that waits for nothing but its turn. */
export const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
};

class Clock {
  #now = 0;
  #last = 0;
  #timers = new Map();

  constructor(window) {
    const add = (act, delay, again) => {
      this.#last += 1;
      this.#timers.set(this.#last, { act, at: this.#now + delay, again });
      return this.#last;
    };
    window.setTimeout = (act, delay = 0) => add(act, delay, null);
    window.setInterval = (act, delay) => add(act, delay, delay);
    window.clearTimeout = window.clearInterval = (timer) => this.#timers.delete(timer);
  }

  /** Let so many milliseconds pass, and do in order what was to be done within them. */
  async pass(milliseconds) {
    const end = this.#now + milliseconds;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end);
      if (!due.length) break;
      const [number, timer] = due.reduce((first, next) => (next[1].at < first[1].at ? next : first));
      this.#now = timer.at;
      if (timer.again === null) this.#timers.delete(number);
      else timer.at += timer.again;
      timer.act();
      await settle();
    }
    this.#now = end;
  }
}

const opened = new Set();

afterEach(async () => {
  await settle();
  const pages = [...opened];
  opened.clear();
  for (const page of pages) page.window.close();
  assert.deepEqual(pages.flatMap((page) => page.errors), []); // what a browser would show in its console
});

export class Page {
  /** `answer` is given each request, {address, method, headers, body, signal}, and returns the response:
      {status, headers, redirected} with `json` or `text`, or null when the server cannot be reached. */
  constructor(html, { address = "https://news.example/admin/stories/claim/7/change/", answer } = {}) {
    this.errors = [];
    const console = new VirtualConsole();
    console.on("jsdomError", (error) => this.errors.push(error.detail ?? error));
    this.dom = new JSDOM(html, {
      url: address, runScripts: "outside-only", pretendToBeVisual: true, virtualConsole: console,
    });
    this.window = this.dom.window;
    this.document = this.window.document;
    this.clock = new Clock(this.window);
    this.answer = answer ?? ((request) => { throw new Error(`nobody was to ask for ${request.address}`); });
    this.requests = [];
    this.sent = []; // the forms that a browser would send, each with its button
    this.went = []; // the addresses that the browser would open instead of this page
    this.modules = new Map();
    this.#lacking();
    this.window.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) this.sent.push({ form: event.target, button: event.submitter });
      event.preventDefault();
    });
    opened.add(this);
  }

  /** What jsdom has not. */
  #lacking() {
    const { window } = this;
    window.fetch = (address, options = {}) => this.#fetch(address, options);
    window.CSS = { escape: (words) => words };
    window.Element.prototype.scrollIntoView = () => {};
    window.HTMLDialogElement.prototype.showModal = function showModal() { this.open = true; };
    window.HTMLDialogElement.prototype.close = function close() { this.open = false; };
    window.Range.prototype.getClientRects = () => [];
    window.Range.prototype.getBoundingClientRect = () => ({ left: 0, right: 0, top: 0, bottom: 0 });
    window.document.elementFromPoint = () => null;
  }

  async #fetch(address, { method = "GET", headers = {}, body, signal, ...options }) {
    const { DOMException, TypeError } = this.window;
    const request = { address: String(address), method, headers, body, signal, ...options };
    this.requests.push(request);
    const aborted = new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new DOMException("The user aborted a request.", "AbortError")));
    });
    const response = await Promise.race([this.answer(request), aborted]);
    if (!response) throw new TypeError("Failed to fetch");
    const { status = 200, json, text = "", redirected = false } = response;
    const type = json === undefined ? "text/html; charset=utf-8" : "application/json";
    const headersGiven = new Map(Object.entries({ "content-type": type, ...response.headers }));
    return {
      status, redirected, ok: status >= 200 && status < 300,
      headers: { get: (name) => headersGiven.get(name.toLowerCase()) ?? null },
      text: async () => text,
      json: async () => {
        if (json === undefined) throw new this.window.SyntaxError("Unexpected token '<'");
        return json;
      },
    };
  }

  /** Run a plain script as a `<script defer>` of the page would. */
  run(name) {
    const { pathname } = this.window.location;
    const go = (address) => this.went.push(String(address));
    const source = readFileSync(new URL(name, SCRIPTS), "utf8");
    const script = vm.compileFunction(source, ["location"], {
      parsingContext: this.dom.getInternalVMContext(), filename: name,
    });
    script({ pathname, assign: go, replace: go });
  }

  /** Run a module, and what it imports, in the page. Returns what it exports. */
  async load(name) {
    const module = await this.#ready(this.#module(new URL(name, SCRIPTS).href));
    await settle();
    return module.namespace;
  }

  async #ready(module) {
    if (module.status === "unlinked") {
      await module.link((specifier, { identifier }) => this.#imported(specifier, identifier));
    }
    if (module.status === "linked") await module.evaluate();
    return module;
  }

  #imported(specifier, from) {
    if (specifier === "django-prose-editor/editor") return this.#module(`${EDITOR}editor.js`);
    return this.#module(new URL(specifier, from).href);
  }

  #module(address) {
    if (!this.modules.has(address)) {
      const source = readFileSync(new URL(address), "utf8");
      const context = this.dom.getInternalVMContext();
      const importModuleDynamically = (specifier) => this.#ready(this.#imported(specifier, address));
      const options = { context, identifier: address, importModuleDynamically };
      this.modules.set(address, new vm.SourceTextModule(source, options));
    }
    return this.modules.get(address);
  }

  /** Make the editors of the page's textareas. */
  async loadEditors() {
    await this.load(`${EDITOR}configurable.js`);
    await this.clock.pass(0);
  }

  find(selector) {
    return this.document.querySelector(selector);
  }

  all(selector) {
    return [...this.document.querySelectorAll(selector)];
  }

  /** Press a key on an element, or where the focus is. Returns whether the page left the key to the browser. */
  press(key, { on = this.document.activeElement, ...options } = {}) {
    const { KeyboardEvent } = this.window;
    return on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));
  }

  /** Put `words` into a field as somebody types them. */
  type(field, words) {
    field.value = words;
    field.dispatchEvent(new this.window.Event("input", { bubbles: true }));
  }

  fire(name, target = this.window, options = {}) {
    const { Event } = this.window;
    const event = Object.assign(new Event(name, { bubbles: true, cancelable: true }), options);
    target.dispatchEvent(event);
    return event;
  }
}

export const escape = (words) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** A textarea of the desk that becomes a text editor. */
export const editorField = (name, html) => {
  const options = escape(JSON.stringify({ extensions: EXTENSIONS, js_modules: [PICTURES] }));
  return `<textarea name="${name}" data-django-prose-editor-configurable="${options}">${escape(html)}</textarea>`;
};

/** Put `words` in the place of others in a text editor, as typing does. */
export const replaceWords = (editor, old, words) => {
  let at = null;
  editor.state.doc.descendants((node, position) => {
    if (at === null && node.isText && node.text.includes(old)) at = position + node.text.indexOf(old);
  });
  editor.view.dispatch(editor.state.tr.insertText(words, at, at + old.length));
};

/** A value made in the page as one of ours, which deepEqual compares with ours. */
export const plain = (value) => JSON.parse(JSON.stringify(value));
