import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const open = async (known) => {
  const results = known.map((text) => ({ id: text, text }));
  const page = new Page("<main></main>", { answer: () => ({ json: { results } }) });
  const { TopicBox } = await page.load("admin/topic-box.js");
  const chosen = [];
  const box = new TopicBox({ people: "/topics/", mayAdd: true, choose: (one) => chosen.push(one) });
  page.find("main").append(box.element);
  return Object.assign(page, {
    chosen,
    type: async (words) => {
      box.input.value = words;
      box.input.dispatchEvent(new page.window.Event("input"));
      await page.clock.pass(150);
    },
    key: async (key) => {
      box.input.dispatchEvent(new page.window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await page.clock.pass(0);
    },
    options: () => page.all("[role=option] .person-name").map(({ textContent }) => textContent),
  });
};

test("the known topic comes first, and a new one has a line of its own", async () => {
  const page = await open(["Labour"]);
  await page.type("lab");
  assert.deepEqual(page.requests.map(({ address }) => address), ["/topics/?term=lab"]);
  assert.deepEqual(page.options(), ["Labour", "New topic: lab"]);
  await page.key("Enter");
  assert.deepEqual(page.chosen.map(({ kind, name }) => [kind, name]), [["person", "Labour"]]);
});

test("what is a known topic but for its case, accents and hyphens is not offered as a new one", async () => {
  const page = await open(["Café culture"]);
  await page.type("cafe-culture");
  assert.deepEqual(page.options(), ["Café culture"]);
});

test("where none is known, a comma takes what was typed as a new one", async () => {
  const page = await open([]);
  await page.type("Ferry fares");
  assert.deepEqual(page.options(), ["New topic: Ferry fares"]);
  await page.key(",");
  assert.deepEqual(page.chosen.map(({ kind, name }) => [kind, name]), [["new", "Ferry fares"]]);
});
