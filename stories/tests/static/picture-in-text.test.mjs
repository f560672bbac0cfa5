import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page, plain, replaceWords, settle } from "./page.mjs";

const img = (alt, rest = "") => `<img data-picture="stories/2026/12/wall.png" alt="${alt}"${rest}>`;
const WALL = img("A wall", ' data-credit="Zoë Marsh"');
const PICTURE = {
  file: "stories/2026/12/wall.png", description: "A wall", caption: "", credit: "Zoë Marsh", warning: "",
};

/** A page with an editor; `choose` is what is chosen in the library's box. */
const open = async (html, picture = PICTURE) => {
  const page = new Page(`<form>${editorField("body", html)}</form>`);
  page.run("admin/early.js");
  await page.loadEditors();
  const { picturesInText } = await page.load("admin/picture-in-text.js");
  const [{ editor, textarea }] = page.window.deskEditors;
  picturesInText(editor, (choose) => choose(picture));
  const choosePicture = () => {
    editor.state.doc.forEach((node, at) => { if (node.type.name === "picture") editor.commands.setNodeSelection(at); });
  };
  const key = (name, options = {}) => page.press(name, { on: editor.view.dom, ...options });
  const line = () => page.find(".picture-in-text-line").textContent;
  return Object.assign(page, { editor, textarea, choosePicture, key, line });
};

test("what is stored comes back as it is, and is seen with its words", async () => {
  const html = `<p>One</p>${WALL}<p>Two</p>`;
  const { editor, find } = await open(html).then((page) => ({ editor: page.editor, find: (one) => page.find(one) }));
  assert.equal(editor.getHTML(), html);
  assert.equal(find("figure img").getAttribute("src"), "/media/sized/640/stories/2026/12/wall.png.webp");
  assert.equal(find("figure").getAttribute("aria-label"), "Picture: A wall");
  assert.equal(find(".picture-in-text-words").textContent, "Picture: Zoë Marsh");
  find("figure img").dispatchEvent(new (find("figure").ownerDocument.defaultView.Event)("error"));
  assert.equal(find("figure img").getAttribute("src"), "/media/stories/2026/12/wall.png");
});

test("a picture inside other blocks is between the outermost ones in the editor, too", async () => {
  const { editor } = await open(`<blockquote><p>A</p>${WALL}<p>B</p></blockquote>`);
  const kinds = [];
  editor.state.doc.descendants((node, _, parent) => {
    if (node.type.name === "picture") kinds.push(parent.type.name);
  });
  assert.deepEqual(kinds, ["doc"]);
});

for (const [where, at, expected] of [
  ["in the middle of a paragraph", 3, `<p>One</p>${WALL}<p>Two</p>`],
  ["at its end", 4, `<p>One</p>${WALL}<p>Two</p>`],
  ["at the beginning of one", 6, `<p>One</p>${WALL}<p>Two</p>`],
  ["at the beginning of the text", 1, `${WALL}<p>One</p><p>Two</p>`],
  ["at its very end", 9, `<p>One</p><p>Two</p>${WALL}`],
]) {
  test(`a picture is put in where the cursor is: ${where}`, async () => {
    const { editor, line } = await open("<p>One</p><p>Two</p>");
    editor.commands.setTextSelection(at);
    editor.storage.picture.open();
    assert.equal(editor.getHTML(), expected);
    assert.equal(editor.state.selection.node.attrs.alt, "A wall");
    assert.match(line(), /A wall is in the text/);
    editor.commands.undo();
    assert.equal(editor.getHTML(), "<p>One</p><p>Two</p>");
  });
}

test("in a quotation it comes after the whole of it, and after a picture after that", async () => {
  const { editor } = await open("<blockquote><p>A</p><p>B</p></blockquote><p>C</p>");
  editor.commands.setTextSelection(3);
  editor.storage.picture.open();
  editor.storage.picture.open();
  assert.equal(editor.getHTML(), `<blockquote><p>A</p><p>B</p></blockquote>${WALL}${WALL}<p>C</p>`);
});

test("its words are those of this story, asked for where the library has none, and can be undone", async () => {
  const page = await open("<p>One</p>", { ...PICTURE, description: "", credit: "" });
  page.editor.commands.setTextSelection(4);
  page.editor.storage.picture.open();
  assert.equal(page.find("dialog").open, true);
  assert.equal(page.find(".picture-in-text-alt.missing").textContent, "Not described yet: say what it shows.");
  page.type(page.find("#picture-words-alt"), " The wall\n at night ");
  page.type(page.find("#picture-words-caption"), "It leans");
  page.press("Enter", { on: page.find("#picture-words-caption") });
  await settle();
  assert.equal(page.find("dialog").open, false);
  assert.equal(page.textarea.value, `<p>One</p>${img("The wall at night", ' data-caption="It leans"')}`);
  page.choosePicture();
  assert.equal(page.key("Enter"), false);
  assert.equal(page.find("#picture-words-alt").value, "The wall at night");
  assert.equal(page.sent.length, 0);
});

test("it is moved by the keys over a block at a time, says where it is, and is taken out", async () => {
  const page = await open(`<p>One</p>${WALL}<ul><li><p>Two</p></li></ul>`);
  page.choosePicture();
  assert.match(page.line(), /^Picture: A wall\. Enter describes it/);
  page.key("ArrowDown", { altKey: true });
  assert.equal(page.editor.getHTML(), `<p>One</p><ul><li><p>Two</p></li></ul>${WALL}`);
  assert.equal(page.line(), "Moved after “Two”.");
  page.key("ArrowDown", { altKey: true });
  assert.equal(page.line(), "It is at the end already.");
  page.key("ArrowUp", { altKey: true });
  page.key("ArrowUp", { altKey: true });
  assert.equal(page.editor.getHTML(), `${WALL}<p>One</p><ul><li><p>Two</p></li></ul>`);
  assert.equal(page.line(), "Moved before “One”.");
  page.key("Delete");
  assert.equal(page.editor.getHTML(), "<p>One</p><ul><li><p>Two</p></li></ul>");
  assert.equal(page.line(), "");
  page.editor.commands.setTextSelection(2);
  assert.equal(page.key("ArrowDown", { altKey: true }), true); // no picture is chosen: the browser's own
});

test("claims beside it keep their places", async () => {
  const page = await open("<p>One two</p><p>Three</p>");
  const { marks, standings } = await page.load("admin/marks.js");
  const claim = { id: 7, parts: [[4, 7, "two"], [9, 14, "Three"]], guarded: true };
  page.editor.registerPlugin(marks([claim]));
  page.editor.commands.setTextSelection(3);
  page.editor.storage.picture.open();
  page.key("ArrowUp", { altKey: true });
  assert.deepEqual(plain([...standings(page.editor, [claim])]), [[7, "same"]]);
  replaceWords(page.editor, "two", "2");
  assert.deepEqual(plain([...standings(page.editor, [claim])]), [[7, "changed"]]);
});
