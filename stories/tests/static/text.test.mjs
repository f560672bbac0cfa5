import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page, plain, server } from "./page.mjs";

/** The plain text of a body as the editor holds it, and the editor. */
const textOf = async (html) => {
  const page = new Page(`<form>${editorField("body", html)}</form>`);
  page.run("admin/early.js");
  await page.loadEditors();
  const { PlainText } = await page.load("admin/text.js");
  const [{ editor }] = page.window.deskEditors;
  return { text: new PlainText(editor.state.doc), editor };
};

for (const { html, text: expected } of server().bodies) {
  test(`the editor's text is the server's: ${html}`, async () => {
    const { text } = await textOf(html);
    assert.equal(text.text, expected);
    assert.equal(text.chars.length, [...expected].length);
  });
}

test("characters are found in the document, and the document's positions in the text", async () => {
  const { text, editor } = await textOf("<p>A 🌊 wave.</p><p>The <strong>har</strong>bour<br>wall</p>");
  for (const words of ["🌊", " wave.", "wave.", "The harbour", "harbour\nwall", "A 🌊 wave.\n\nThe"]) {
    const [place] = text.places(words);
    const { from, to } = text.range(...place);
    const shown = editor.state.doc.textBetween(from, to, "\n\n", "\n");
    assert.equal(shown, words);
    assert.deepEqual(plain(text.within(from, to)), plain(place));
  }
});

test("a selection that ends inside a character or between paragraphs takes whole characters", async () => {
  const { text } = await textOf("<p>One</p><p>Two</p>");
  assert.deepEqual(plain(text.within(2, 4)), [1, 3]);
  assert.deepEqual(plain(text.within(4, 8)), [5, 7]); // without the empty line before it
  assert.deepEqual(plain(text.within(100, 120)), [8, 8]);
});

test("what is not in the text has no place in the document", async () => {
  const { text } = await textOf("<p>Short</p>");
  for (const [start, end] of [[-1, 2], [2, 2], [3, 1], [0, 6], [NaN, 2]]) assert.equal(text.range(start, end), null);
  assert.deepEqual(plain(text.range(0, 5)), { from: 1, to: 6 });
});

test("all places of words are found, those that overlap too", async () => {
  const { text } = await textOf("<p>🌊 aaa, aa</p>");
  assert.deepEqual(plain(text.places("aa")), [[2, 4], [3, 5], [7, 9]]);
  assert.deepEqual(plain(text.places("")), []);
  assert.deepEqual(plain(text.places("AA")), []);
});

test("words are found where they were, else at the place nearest to it, else nowhere", async () => {
  const { text } = await textOf("<p>one two one two one</p>");
  assert.deepEqual(plain(text.find(8, 11, "one")), [8, 11]);
  assert.deepEqual(plain(text.find(15, 18, "one")), [16, 19]);
  assert.deepEqual(plain(text.find(3, 6, "one")), [0, 3]);
  assert.equal(text.find(0, 5, "three"), null);
});
