import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page, settle } from "./page.mjs";

const BODY = "<p>The council met on Monday.</p><p>The meeting ended at noon.</p>";
const note = (id, { words = "", answers = "" } = {}) => `<li class="story-note" data-note="${id}">
  ${words && `<p class="note-words">“${words}”</p>`}<p class="note-text">Which one?</p>${answers}
  ${words && '<button type="button" data-do="show" hidden>Show in the text</button>'}
  <button type="button" data-do="answer">Answer</button><button type="button" data-do="resolve">Resolve</button></li>`;
const panel = (places, list) => `<section id="story-notes" data-address="/notes/"><span id="notes-open">1</span>
  <script type="application/json" id="note-places">${JSON.stringify(places)}</script>
  <ol id="note-list">${list}</ol>
  <div id="note-form" hidden><p id="note-about" hidden></p><textarea id="note-text"></textarea>
    <p id="note-problem"></p><button type="button" id="note-add">Add note</button>
    <button type="button" id="note-cancel" hidden>Cancel</button></div></section>`;

const open = async ({ editor = true, answer = () => ({ json: { html: note(8), places: [], open: 0 } }) } = {}) => {
  const field = editor ? `<form><div class="field-body">${editorField("body", BODY)}</div></form>` : "";
  const places = [[7, 4, 11, "council"]];
  const page = new Page(`<body>${field}${panel(places, note(7, { words: "council" }))}</body>`, { answer });
  page.run("admin/early.js");
  if (editor) await page.loadEditors();
  await page.load("admin/notes.js");
  await settle();
  return Object.assign(page, {
    sent: () => page.requests.map((request) => JSON.parse(request.body)),
    click: async (selector) => {
      page.find(selector).click();
      await settle();
    },
  });
};

test("a note is written on the words that are selected", async () => {
  const page = await open();
  const [{ editor }] = page.window.deskEditors;
  assert.equal(page.find(".note-here").textContent, "council");
  editor.commands.setTextSelection({ from: 5, to: 12 });
  assert.equal(page.find("#note-about").textContent, "On “council”");
  page.find("#note-text").value = "Which one?";
  await page.click("#note-add");
  const [asked] = page.sent();
  const { exact, prefix } = asked.words;
  assert.deepEqual([asked.do, asked.text, exact, prefix], ["add", "Which one?", "council", "The "]);
  assert.ok(asked.words.suffix.startsWith(" met on Monday."));
  assert.equal(page.find("#notes-open").textContent, "0");
  assert.equal(page.find(".note-here"), null);
});

test("where the story is only read, notes are answered and resolved all the same", async () => {
  const page = await open({ editor: false });
  await page.click('[data-do="answer"]');
  assert.equal(page.find("#note-add").textContent, "Answer");
  await page.click("#note-add");
  assert.equal(page.find("#note-problem").textContent, "Write something first.");
  page.find("#note-text").value = "Eastmere’s.";
  await page.click("#note-add");
  await page.click('[data-do="resolve"]');
  assert.deepEqual(page.sent(), [
    { do: "answer", note: 7, text: "Eastmere’s." }, { do: "resolve", note: 8 },
  ]);
});

test("a note that could not be kept stays in its box, with the reason", async () => {
  const page = await open({ answer: () => ({ status: 409, json: { error: "That note is not on this story." } }) });
  page.find("#note-text").value = "Eastmere’s.";
  const keys = { key: "Enter", ctrlKey: true, cancelable: true };
  page.find("#note-text").dispatchEvent(new page.window.KeyboardEvent("keydown", keys));
  await page.clock.pass(0);
  assert.equal(page.find("#note-text").value, "Eastmere’s.");
  assert.equal(page.find("#note-problem").textContent, "That note is not on this story.");
});

test("words that are gone are said to be gone, and others are shown", async () => {
  const page = await open();
  const [{ editor }] = page.window.deskEditors;
  await page.click('[data-do="show"]');
  assert.equal(editor.state.doc.textBetween(editor.state.selection.from, editor.state.selection.to), "council");
  editor.commands.setContent("<p>Nothing.</p>", { emitUpdate: true });
  await page.click('[data-do="show"]');
  assert.match(page.find(".note-words").textContent, /no longer in the text/);
});
