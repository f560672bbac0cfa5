import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

test("on today's desk a story, a draft too, is offered as one types", async () => {
  const page = new Page(`<form action="/stories/" data-stories="/search/"><label for="find">Find a story</label>
    <input type="search" name="q" id="find"></form>`, {
    answer: () => ({ json: { results: [{ id: 8, name: "The quay", detail: "Draft", address: "/", public: false }] } }),
  });
  await page.load("admin/find-story.js");
  const box = page.find("[role=combobox]");
  assert.deepEqual([box.name, box.labels[0].textContent], ["q", "Find a story"]);
  page.type(box, "qua");
  await page.clock.pass(200);
  assert.equal(page.requests.at(-1).address, "/search/?q=qua&drafts=1");
  assert.deepEqual(page.all("[role=option] .person-name").map((one) => one.textContent), ["The quay"]);
});
