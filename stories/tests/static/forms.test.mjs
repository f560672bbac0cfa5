import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page, settle } from "./page.mjs";

const ADDRESS = "https://news.example/admin/stories/claim/7/change/";
const KEY = "desk-kept-5-/admin/stories/claim/7/change/";
const DATA = `<script type="application/json" id="kept-form">
  {"id": "copy-1", "who": 5, "login": "/admin/login/"}</script>`;
const TEXT = editorField("summary", "<p>As it <i>was</i>.</p>");
const copy = (fields) => JSON.stringify({ id: "copy-0", fields, marks: {}, at: "2031-05-06T10:00:00Z" });

const open = async (html, { stored = {}, editorsFirst = true } = {}) => {
  const page = new Page(`<body>${html}</body>`, { address: ADDRESS });
  for (const [key, value] of Object.entries(stored)) page.window.localStorage.setItem(key, value);
  page.run("admin/early.js");
  if (editorsFirst) await page.loadEditors();
  await page.load("admin/forms.js");
  await page.clock.pass(0);
  return Object.assign(page, {
    kept: () => JSON.parse(page.window.localStorage.getItem(KEY))?.fields ?? null,
    editor: () => page.window.deskEditors[0].editor,
    ready: () => page.document.body.dataset.formReady === "true",
    /** What the editor takes of the HTML that is pasted into it. */
    paste: (pasted) => page.window.deskEditors[0].editor.options.editorProps.transformPastedHTML(pasted),
  });
};

test("what is typed into a form of the desk is saved in this browser", async () => {
  const page = await open(`<form>${DATA}<input name="name"></form>`);
  assert.equal(page.ready(), true);
  assert.equal(page.find("form").firstElementChild.className, "kept-line");
  page.type(page.find("[name=name]"), "Ada");
  await page.clock.pass(300);
  assert.deepEqual(page.kept(), { name: "Ada" });
  assert.equal(page.fire("beforeunload").defaultPrevented, true);
});

test("a form waits for its text editors, and what they make of the saved text is no typing", async () => {
  const page = await open(`<form>${DATA}${TEXT}</form>`, { editorsFirst: false });
  assert.equal(page.ready(), false);
  await page.loadEditors();
  assert.equal(page.ready(), true);
  await page.clock.pass(300);
  assert.equal(page.kept(), null);
  page.editor().commands.insertContentAt(1, "Typed. ");
  await page.clock.pass(300);
  assert.deepEqual(page.kept(), { summary: "<p>Typed. As it <em>was</em>.</p>" });
});

test("the row that others are copied from has no editor, and nobody waits for it", async () => {
  const field = editorField("rows-__prefix__-text", "").replace("configurable", "configurable-later");
  const page = await open(`<form>${DATA}${TEXT}${field}</form>`);
  assert.equal(page.ready(), true);
});

test("words put in again go into their editor", async () => {
  const stored = { [KEY]: copy({ summary: "<p>Typed before</p>" }) };
  const page = await open(`<form>${DATA}${TEXT}</form>`, { stored });
  page.find(".kept-offer button").click();
  assert.equal(page.editor().getHTML(), "<p>Typed before</p>");
});

test("what is pasted is cleaned, and what was left out is said under the editor", async () => {
  const page = await open(`<form>${DATA}${TEXT}</form>`);
  assert.equal(page.paste("<h1>Heading</h1><img src=a.png>"), "<h2>Heading</h2>");
  const line = page.find(".prose-editor + .left-out p");
  assert.deepEqual([line.textContent, line.getAttribute("role")], ["1 picture was left out.", "status"]);
  page.paste("<p>Plain</p>");
  assert.equal(line.textContent, "");
});

test("an editor that comes later cleans what is pasted, too", async () => {
  const page = await open(`<form>${DATA}${TEXT}</form>`, { editorsFirst: false });
  await page.loadEditors();
  assert.equal(page.paste("<h1>Heading</h1>"), "<h2>Heading</h2>");
});

test("the story's form is left to the story's own script, but for what is pasted", async () => {
  const page = await open(`<script type="application/json" id="story-desk">{}</script><form>${DATA}${TEXT}</form>`);
  assert.equal(page.ready(), false);
  assert.equal(page.find(".kept-line"), null);
  assert.equal(page.paste("<h1>Heading</h1>"), "<h2>Heading</h2>");
});

test("a page without a form to keep drops old copies all the same", async () => {
  const page = await open("<form><input name=q></form>", {
    editorsFirst: false,
    stored: { "desk-kept-5-/old/": JSON.stringify({ id: "x", at: "2001-01-01T00:00:00Z" }) },
  });
  assert.equal(page.window.localStorage.length, 0);
  assert.equal(page.ready(), false);
});

test("what others changed meanwhile is read first", async () => {
  const page = await open(`<form>${DATA}<div id="meanwhile" tabindex="-1">Changed.</div><input name="name"></form>`);
  await settle();
  assert.equal(page.document.activeElement.id, "meanwhile");
});
