import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page, settle } from "./page.mjs";

const STORIES = [
  { id: 7, name: "The wall", detail: "4 March 2031", address: "/stories/wall/", public: true },
  { id: 8, name: "The quay", detail: "Draft", address: "/stories/quay/", public: false },
];

const open = async (html = "<p>As we wrote then.</p>") => {
  const bar = `<div class="prose-menubar"><button type="button" data-name="link">Link</button></div>`;
  const page = new Page(`<form><div>${editorField("body", html)}</div></form>`, {
    answer: () => ({ json: { results: STORIES } }),
  });
  page.run("admin/early.js");
  await page.loadEditors();
  const { linkBox } = await page.load("admin/link-box.js");
  const [{ editor }] = page.window.deskEditors;
  editor.view.coordsAtPos = () => ({ left: 0, bottom: 0 });
  editor.view.dom.insertAdjacentHTML("beforebegin", bar); // the toolbar, which is the server's to ask for
  linkBox(editor, { stories: "/search/", story: 3, card: { host: "news.example" } });
  return Object.assign(page, {
    editor,
    said: () => page.find(".link-said").textContent,
    box: () => page.find(".link-box"),
    options: () => page.all(".link-box [role=option]").map((one) => one.textContent),
    select: (from, to) => editor.commands.setTextSelection({ from, to }),
    ask: async (words) => {
      page.press("k", { on: editor.view.dom, ctrlKey: true });
      page.type(page.find(".link-box input"), words);
      await page.clock.pass(200);
    },
    enter: async () => {
      page.press("Enter", { on: page.find(".link-box input") });
      await settle();
    },
  });
};

test("the selected words lead to a story that is found by its words, by keys alone", async () => {
  const page = await open();
  page.select(4, 12);
  await page.ask("wall");
  assert.match(page.requests[0].address, /\?q=wall&drafts=1$/);
  assert.deepEqual(page.options(), ["The wall 4 March 2031", "The quay Draft"]);
  await page.enter();
  assert.equal(page.editor.getHTML(), '<p>As <a href="/stories/wall/">we wrote</a> then.</p>');
  assert.deepEqual([page.said(), page.box()], ["Linked to “The wall”.", null]);
});

test("a story that readers do not see is linked, and that is said; without words it brings its headline", async () => {
  const page = await open("<p>Read.</p>");
  page.select(5, 5);
  await page.ask("quay");
  page.press("ArrowDown", { on: page.find(".link-box input") });
  await page.enter();
  assert.equal(page.editor.getHTML(), '<p>Read<a href="/stories/quay/">The quay</a>.</p>');
  assert.equal(page.said(), "Linked to “The quay”: readers do not see it yet.");
});

test("the toolbar's button opens the box, which shows the link that is there, to open and to remove", async () => {
  const page = await open('<p>As <a href="https://post.example/a">we wrote</a> then.</p>');
  page.select(6, 6);
  page.find(".prose-menubar [data-name=link]").click();
  assert.equal(page.find(".link-address").textContent, "https://post.example/a");
  const link = page.find(".link-box a");
  assert.deepEqual([link.textContent, link.href, link.target], ["Open", "https://post.example/a", "_blank"]);
  assert.equal(page.document.activeElement, page.find(".link-box input"));
  page.press("Tab");
  page.press("Tab");
  assert.equal(page.document.activeElement, link, "Tab goes round");
  page.find(".link-present button").click();
  assert.equal(page.editor.getHTML(), "<p>As we wrote then.</p>");
  assert.equal(page.said(), "The link is removed.");
});

test("an address that is pasted takes the place of the one that is there; Esc leaves all as it was", async () => {
  const page = await open('<p>As <a href="https://post.example/a">we wrote</a> then.</p>');
  page.select(6, 6);
  await page.ask("https://news.example/people/ada/");
  assert.deepEqual(page.options(), ["Link to /people/ada/ "]);
  page.press("Escape", { on: page.find(".link-box input") });
  assert.equal(page.box(), null);
  await page.ask("https://news.example/people/ada/");
  await page.enter();
  assert.equal(page.editor.getHTML(), '<p>As <a href="/people/ada/">we wrote</a> then.</p>');
  assert.equal(page.requests.length, 0, "nobody searches for an address");
});

test("what is an address, and what is none", async () => {
  const { addressOf } = await new Page("").load("admin/link-box.js");
  const told = {
    "https://news.example/stories/wall/?page=2#x": "/stories/wall/?page=2#x",
    " https://post.example/a ": "https://post.example/a",
    "www.post.example": "https://www.post.example",
    "post.example/a": "https://post.example/a",
    "/stories/wall/": "/stories/wall/",
    "desk@post.example": "mailto:desk@post.example",
    "javascript:alert(1)": null,
    "//post.example/a": null,
    "https://": null,
    "the wall": null,
    "Mr.Wall": null,
  };
  for (const [typed, address] of Object.entries(told)) assert.equal(addressOf(typed, "news.example"), address, typed);
});
