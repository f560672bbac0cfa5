import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const BAR = `<div class="prose-menubar"><button type="button" class="prose-menubar__button">B</button>
  <button type="button" class="prose-menubar__button hidden">H</button>
  <button type="button" class="prose-menubar__button">I</button></div>`;
const FORM = `<form><input name="name">${BAR}<div class="submit-row"><input type="submit" name="_save">
  <input type="submit" name="_continue"></div></form>`;

const open = async () => {
  const page = new Page(`<body>${FORM}</body>`);
  const scripts = await page.load("admin/keys.js");
  scripts.startKeys(page.find("form"));
  const key = (element, name, more = {}) => {
    const event = new page.window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more });
    element.dispatchEvent(event);
    return event;
  };
  const pressed = [];
  page.find("form").addEventListener("submit", (event) => {
    pressed.push(event.submitter.name);
    event.preventDefault();
  });
  return Object.assign(page, { scripts, key, pressed });
};

test("Ctrl+S saves and stays, once while the key is held", async () => {
  const page = await open();
  assert.equal(page.key(page.find("[name=name]"), "s", { ctrlKey: true }).defaultPrevented, true);
  page.key(page.find("[name=name]"), "s", { ctrlKey: true, repeat: true });
  page.key(page.find("[name=name]"), "s");
  assert.deepEqual(page.pressed, ["_continue"]);
});

test("Ctrl+Enter answers a question from its reason, and is nothing to other forms", async () => {
  const page = await open();
  const reason = page.document.createElement("textarea");
  page.find("form").prepend(reason);
  page.find("[name=_save]").className = "default";
  assert.equal(page.key(reason, "Enter", { ctrlKey: true }).defaultPrevented, false);
  page.document.body.className = "desk-confirm";
  page.key(reason, "Enter");
  page.key(reason, "Enter", { ctrlKey: true });
  assert.deepEqual(page.pressed, ["_save"]);
});

test("? shows the keys, but is typed in a field", async () => {
  const page = await open();
  page.window.HTMLDialogElement.prototype.showModal = function showModal() { this.open = true; };
  assert.equal(page.key(page.find("[name=name]"), "?").defaultPrevented, false);
  assert.equal(page.document.querySelector("dialog"), null);
  page.key(page.document.body, "?");
  assert.equal(page.find("dialog").open, true);
});

test("a toolbar is one stop of Tab, with arrow keys round it", async () => {
  const page = await open();
  const [bold, , italic] = page.document.querySelectorAll(".prose-menubar__button");
  assert.deepEqual([bold.tabIndex, italic.tabIndex], [0, -1]);
  bold.focus();
  page.key(bold, "ArrowRight");
  assert.equal(page.document.activeElement, italic);
  assert.deepEqual([bold.tabIndex, italic.tabIndex], [-1, 0]);
  page.key(italic, "ArrowRight");
  assert.equal(page.document.activeElement, bold);
});

test("the length of a text is told in words and minutes", async () => {
  const { scripts } = await open();
  assert.equal(scripts.lengthOf(""), "0 words, 1 minute to read");
  assert.equal(scripts.lengthOf("One – two’s"), "2 words, 1 minute to read");
  assert.equal(scripts.lengthOf("word ".repeat(690)), "690 words, 3 minutes to read");
});
