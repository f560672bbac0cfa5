import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const TWO = [
  { id: "4", name: "Ada Lowther", detail: "Harbour Party · 12 claims", text: "…" },
  { id: "9", name: "Ada Lowther", detail: "Mill Party · 1 claim", text: "…" },
];

const open = async ({ results = TWO, ...options } = {}) => {
  const page = new Page("<main></main>", { answer: ({ address }) => page.answer(address) });
  page.answer = () => ({ json: { results } });
  const scripts = await page.load("admin/person-box.js");
  const chosen = [];
  const choose = (one) => chosen.push(one);
  const box = new scripts.PersonBox({ people: "/people/", mayAdd: true, choose, ...options });
  page.find("main").append(box.element);
  return Object.assign(page, {
    box, chosen, scripts,
    type: (words) => {
      box.input.value = words;
      box.input.dispatchEvent(new page.window.Event("input"));
    },
    key: (key) => box.input.dispatchEvent(new page.window.KeyboardEvent("keydown", { key, bubbles: true })),
    options: () => page.all("[role=option] .person-name").map(({ textContent }) => textContent),
    marked: () => page.all("[aria-selected=true] .person-name").map(({ textContent }) => textContent),
  });
};

test("namesakes are told apart, and Enter takes none of them for the other", async () => {
  const page = await open();
  page.type("ada  lowther");
  await page.clock.pass(150);
  assert.match(page.requests[0].address, /^\/people\/\?term=ada\+\+lowther&app_label=stories&model_name=claim/);
  assert.deepEqual(page.options(), [
    "Ada Lowther", "Ada Lowther", "Add as another person: ada  lowther", "Only as a label: ada  lowther",
  ]);
  assert.equal(page.find(".person-detail").textContent, "Harbour Party · 12 claims");
  assert.match(page.all(".person-detail")[2].textContent, /on record already: Harbour Party/);
  assert.deepEqual(page.marked(), []);
  page.key("Enter");
  await page.clock.pass(0);
  assert.deepEqual(page.chosen, []);
  assert.match(page.find(".person-note").textContent, /2 people are called Ada Lowther/);
  page.key("ArrowDown");
  page.key("ArrowDown");
  page.key("Enter");
  await page.clock.pass(0);
  assert.deepEqual(page.chosen.map(({ kind, id }) => [kind, id]), [["person", 9]]);
});

test("Enter pressed before the desk has answered waits for what it says", async () => {
  const page = await open({ results: [TWO[0]] });
  page.type("ada");
  page.key("Enter");
  await page.clock.pass(150);
  assert.deepEqual(page.chosen.map(({ id }) => id), [4]);
});

test("a form sent before the desk has answered waits for whom Enter chose", async () => {
  const page = await open({ results: [TWO[0]] });
  const form = page.window.document.createElement("form");
  page.find("main").replaceWith(form);
  form.append(page.box.element);
  const sent = [];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sent.push(page.chosen.map(({ id }) => id));
  });
  page.type("ada");
  page.key("Enter");
  form.requestSubmit();
  assert.deepEqual(sent, []);
  await page.clock.pass(150);
  assert.deepEqual(sent, [[4]]);
  form.requestSubmit();
  assert.deepEqual(sent, [[4], [4]]);
});

test("a name that nobody bears is a new person, anything else a label", async () => {
  const page = await open({ results: [] });
  for (const words of ["Edda Corran", "a party source"]) {
    page.type(words);
    page.key("Enter");
    await page.clock.pass(150);
  }
  assert.deepEqual(page.chosen.map((one) => ({ ...page.scripts.asFields(one) })), [
    { speaker: "", new_person: "Edda Corran", namesake: "", speaker_label: "" },
    { speaker: "", new_person: "", namesake: "", speaker_label: "a party source" },
  ]);
  const other = await open({ results: [], mayAdd: false });
  other.type("Edda Corran");
  other.key("Enter");
  await other.clock.pass(150);
  assert.equal(other.chosen[0].kind, "label");
});

test("what was guessed stands there until something is typed", async () => {
  const page = await open();
  const said = page.scripts.choiceOf({ person: null, enters: { name: "Edda Corran", role: "MP", party: "" } }, true);
  page.box.guess(Promise.resolve([said]));
  await page.clock.pass(0);
  assert.deepEqual(page.marked(), ["Add as a new person: Edda Corran"]);
  page.type("a");
  await page.clock.pass(150);
  assert.equal(page.options().length, 4);
  page.type("");
  assert.deepEqual(page.marked(), ["Add as a new person: Edda Corran"]);
  assert.equal(page.scripts.choiceOf({ person: null, enters: null, label: "" }, true), null);
});

test("a desk that does not answer is said, and what was typed can still be a label", async () => {
  const page = await open();
  page.answer = () => null;
  page.type("the mayor");
  await page.clock.pass(150);
  assert.match(page.find(".person-note").textContent, /did not answer/);
  assert.deepEqual(page.marked(), ["Only as a label: the mayor"]);
});
