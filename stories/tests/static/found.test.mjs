import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page } from "./page.mjs";

const OFFERS = [
  { token: "one", words: "The wall is safe", parts: [[0, 16, "The wall is safe"]], label: "the mayor", sure: "90%" },
  { token: "two", words: "It will stand", parts: [[27, 40, "It will stand"]], label: "", sure: "40%" },
];
const ADDRESSES = { list: "/found/", accept: "/accept/", dismiss: "/dismiss/", undo: "/undo/" };
const HTML = `<body><div id="story-bar"></div>
  <form>${editorField("body", "<p>The wall is safe, he said. It will stand.</p>")}</form>
  <section id="found" hidden><h2 id="found-heading"></h2><p class="found-help"></p><ol id="found-list"></ol>
  <p id="found-said"></p></section></body>`;

const open = async () => {
  const page = new Page(HTML, { answer: ({ address }) => page.answers[address]?.() });
  page.answers = {
    "/found/": () => ({ json: { found: OFFERS } }),
    "/accept/": () => ({ json: { card: "<li></li>", claim: { id: 8 }, act: 3 } }),
    "/dismiss/": () => ({ json: { dismissal: 5 } }),
    "/undo/": () => ({ json: {} }),
  };
  page.run("admin/early.js");
  await page.loadEditors();
  const [{ editor }] = page.window.deskEditors;
  const { marks } = await page.load("admin/marks.js");
  editor.registerPlugin(marks([]));
  const { foundClaims } = await page.load("admin/found.js");
  const beside = { made: [], gone: [] };
  foundClaims(editor, { found: ADDRESSES, people: "/people/", mayAddPeople: false }, {
    made: (card, claim) => beside.made.push(claim.id), gone: (id) => beside.gone.push(id),
  });
  await page.clock.pass(0);
  return Object.assign(page, {
    beside,
    items: () => page.all(".found-claim .beside-words").map(({ textContent }) => textContent),
    key: async (key) => {
      page.window.document.activeElement
        .dispatchEvent(new page.window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await page.clock.pass(0);
    },
    sent: (path) => page.requests.filter(({ address }) => address === path).map(({ body }) => JSON.parse(body)),
  });
};

test("what is found is counted, marked in the text and decided by keys, and undone in turn", async () => {
  const page = await open();
  assert.equal(page.find(".found-count").textContent, "2 claims found");
  assert.deepEqual(page.all(".found-here").map((one) => one.textContent), ["The wall is safe", "It will stand"]);
  page.find(".found-claim").focus();
  await page.key("ArrowDown");
  await page.key("d");
  await page.key("a");
  assert.deepEqual(page.beside.made, [8]);
  assert.deepEqual(page.items(), []);
  for (let step = 0; step < 2; step += 1) {
    page.find("#found-said button").click();
    await page.clock.pass(0);
  }
  assert.deepEqual(page.sent("/undo/"), [{ act: 3 }, { dismissal: 5 }]);
  assert.deepEqual(page.beside.gone, [8]);
  assert.deepEqual(page.items(), ["“The wall is safe”", "“It will stand”"]);
});

test("where nobody is named it is asked who said it", async () => {
  const page = await open();
  page.all(".found-claim")[1].focus();
  await page.key("a");
  assert.equal(page.sent("/accept/").length, 0);
  const input = page.find(".person-box input");
  assert.equal(page.window.document.activeElement, input);
  await page.key("Escape");
  assert.equal(page.find(".person-box"), null);
  assert.equal(page.window.document.activeElement, page.all(".found-claim")[1]);
});

test("a refusal is shown and takes nothing away; after another's save the list is read again", async () => {
  const page = await open();
  page.answers["/accept/"] = () => null;
  page.find(".found-claim").focus();
  await page.key("a");
  assert.match(page.find("#found-said").textContent, /nothing was changed/);
  assert.equal(page.items().length, 2);
  page.answers["/accept/"] = () => ({ status: 409, json: { error: "The story was saved since." } });
  page.answers["/found/"] = () => ({ json: { found: OFFERS.slice(1) } });
  await page.key("a");
  assert.match(page.find("#found-said").textContent, /saved since/);
  assert.deepEqual(page.items(), ["“It will stand”"]);
});
