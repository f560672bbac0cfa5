import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page } from "./page.mjs";

const PARAGRAPHS = 150; // of 40 words each: a story of 6,000 words
const LONG = `<p>${"The wall will stand, she said. ".repeat(7)}</p>`.repeat(PARAGRAPHS);

const open = async (html) => {
  const page = new Page(`<form><input name="title">${editorField("summary", html)}</form>`);
  page.run("admin/early.js");
  await page.loadEditors();
  await page.load("admin/forms.js");
  const { editor, textarea } = page.window.deskEditors[0];
  const written = [];
  const { getHTML } = editor;
  editor.getHTML = () => {
    written.push(editor.state.doc.childCount);
    return getHTML.call(editor);
  };
  return Object.assign(page, { editor, textarea, written });
};

test("no key writes the whole text: it is written once, when somebody asks for it", async () => {
  const page = await open(LONG);
  let heard = 0;
  page.find("form").addEventListener("input", () => { heard += 1; });
  for (const key of "typed") page.editor.view.dispatch(page.editor.state.tr.insertText(key, 1));
  assert.deepEqual([page.written, heard], [[], 5]);
  assert.match(page.textarea.value, /^<p>depytThe wall/);
  assert.match(page.textarea.value, /^<p>depyt/);
  assert.deepEqual(page.written, [PARAGRAPHS]);
});

test("what is sent has the last key, although nobody asked before", async () => {
  const page = await open("<p>One.</p>");
  const field = Object.getPrototypeOf(page.textarea);
  const inside = () => Object.getOwnPropertyDescriptor(field, "value").get.call(page.textarea); // what a browser sends
  for (const [when, target] of [["submit", page.find("form")], ["pagehide", page.window]]) {
    page.editor.commands.insertContentAt(1, `${when} `);
    assert.doesNotMatch(inside(), new RegExp(when));
    page.fire(when, target);
    assert.match(inside(), new RegExp(when));
  }
});

test("a text that is empty is empty in its field, and one put there is not written over", async () => {
  const page = await open("<p>One.</p>");
  page.editor.commands.clearContent(true);
  assert.equal(page.textarea.value, "");
  page.editor.commands.insertContent("Two.");
  page.textarea.value = "<p>Three.</p>";
  assert.equal(page.textarea.value, "<p>Three.</p>");
});
