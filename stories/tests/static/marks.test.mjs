import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page, replaceWords } from "./page.mjs";

const BODY = "<p>The wall is safe, she said.</p><p>The wall is safe, he said; it <b>will</b> stand 🌊.</p>";
const CLAIMS = [
  { id: 1, parts: [[0, 16, "The wall is safe"]] },
  { id: 2, parts: [[29, 45, "The wall is safe"], [56, 70, "it will stand "]], guarded: true },
  { id: 3, adrift: true, parts: [[17, 20, "she"]] },
];

const open = async ({ claims = CLAIMS, html = BODY } = {}) => {
  const page = new Page(`<form>${editorField("body", html)}</form>`);
  page.run("admin/early.js");
  await page.loadEditors();
  const scripts = await page.load("admin/marks.js");
  const [{ editor }] = page.window.deskEditors;
  editor.registerPlugin(scripts.marks(claims));
  return {
    page, editor, scripts,
    standing: (id) => scripts.standings(editor, claims).get(id),
    /** The words that are marked, by claim. */
    marked: () => page.all("[data-appearance]").map((mark) => [Number(mark.dataset.appearance), mark.textContent]),
    chosen: () => page.all(".claim-here.chosen").map((mark) => mark.textContent),
    matches: () => page.all(".record-here").map((mark) => mark.textContent),
    replace: (old, words) => replaceWords(editor, old, words),
    cursor: (words) => {
      const all = editor.state.doc.textBetween(0, editor.state.doc.content.size, "\n\n");
      editor.commands.setTextSelection(all.indexOf(words) + 1);
    },
  };
};

test("each claim is marked on its own words, and one that is adrift nowhere", async () => {
  const { marked } = await open();
  assert.deepEqual(marked(), [
    [1, "The wall is safe"], [2, "The wall is safe"], [2, "it "], [2, "will"], [2, " stand "],
  ]);
});

test("words that stand elsewhere than the page was told are marked where they are, and lost ones nowhere", async () => {
  const claims = [{ id: 1, parts: [[5, 10, "she s"]] }, { id: 2, parts: [[0, 5, "Nowhere"]] }];
  const { marked } = await open({ claims });
  assert.deepEqual(marked(), [[1, "she s"]]);
});

test("a mark goes with its words, and is no part of the text", async () => {
  const { editor, marked, replace, standing } = await open();
  replace("she said", "she said late on Monday");
  assert.deepEqual(marked().slice(0, 2), [[1, "The wall is safe"], [2, "The wall is safe"]]);
  assert.equal(standing(1), "same");
  assert.doesNotMatch(editor.getHTML(), /claim-here/);
});

test("a claim's words are the same, changed or gone", async () => {
  const { replace, standing } = await open();
  replace("is safe, she", "is not safe, she");
  assert.equal(standing(1), "changed");
  assert.equal(standing(2), "same");
  replace("The wall is not safe, ", "");
  assert.equal(standing(1), "gone");
});

test("words that are back are marked again, and another's words in their stead are not theirs", async () => {
  const { editor, marked, replace, standing } = await open();
  replace("The wall is safe, she", "She");
  assert.equal(standing(1), "gone", "the same words are the other claim's");
  editor.commands.undo();
  assert.equal(standing(1), "same");
  assert.equal(marked()[0][0], 1);
});

test("other marks, capitals and spaces make no other words", async () => {
  const { replace, standing } = await open({
    html: "<p>She said: “it's a wall – ours”.</p>", claims: [{ id: 1, parts: [[11, 28, "it's a wall – our"]] }],
  });
  replace("it's", "It’s");
  replace("–", "—");
  replace("a wall", "a \u00a0wall");
  assert.equal(standing(1), "same");
  replace("wall", "fence");
  assert.equal(standing(1), "changed");
});

test("a claim that is chosen is selected and shown as chosen, alone", async () => {
  const { editor, chosen, scripts } = await open();
  assert.equal(scripts.choose(editor, 1), true);
  assert.deepEqual(chosen(), ["The wall is safe"]);
  const selected = () => editor.state.doc.textBetween(editor.state.selection.from, editor.state.selection.to);
  assert.equal(selected(), "The wall is safe");
  const { from } = editor.state.selection;
  scripts.choose(editor, 2);
  assert.equal(selected(), "The wall is safe", "the first of its parts");
  assert.ok(editor.state.selection.from > from);
  assert.deepEqual(chosen(), ["The wall is safe", "it ", "will", " stand "]);
  assert.equal(scripts.choose(editor, 3), false);
  assert.deepEqual(chosen(), []);
});

test("the claim under the cursor is known, and none beside it", async () => {
  const { cursor, editor, scripts } = await open();
  cursor("wall is");
  assert.equal(scripts.claimAt(editor), 1);
  cursor("will");
  assert.equal(scripts.claimAt(editor), 2);
  cursor("he said;");
  assert.equal(scripts.claimAt(editor), null);
});

test("to show what is shown already changes nothing", async () => {
  const { editor, chosen, scripts } = await open();
  let transactions = 0;
  editor.on("transaction", () => { transactions += 1; });
  scripts.showChosen(editor, 1);
  scripts.showChosen(editor, 1);
  assert.equal(transactions, 1);
  assert.deepEqual(chosen(), ["The wall is safe"]);
});

test("words on record already are marked beside the claims, each time anew", async () => {
  const { editor, marked, matches, scripts } = await open();
  scripts.showMatches(editor, [
    { claim: 8, start: 17, end: 26, words: " she said" }, { claim: 9, start: 0, end: 4, words: "gone" },
  ]);
  assert.deepEqual(matches(), [" she said"]);
  assert.equal(marked().length, 5);
  scripts.showMatches(editor, []);
  assert.deepEqual(matches(), []);
});

test("when the whole text is replaced, the claims are put on their words again", async () => {
  const { editor, marked, scripts } = await open();
  editor.commands.setContent(`<p>New.</p>${BODY}`, { emitUpdate: true });
  scripts.refresh(editor);
  assert.deepEqual(marked().slice(0, 2), [[1, "The wall is safe"], [2, "The wall is safe"]]);
});
