import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const STORIES = [
  { id: 7, name: "The wall", detail: "4 March 2031", address: "/stories/wall/", public: true },
  { id: 8, name: "The quay", detail: "Draft", address: "/stories/quay/", public: false },
  { id: 9, name: "The gull", detail: "5 March 2031", address: "/stories/gull/", public: true },
];

const open = async (value) => {
  const page = new Page(`<form><input data-related name="related" value="${value}"></form>`, {
    answer: ({ address }) => {
      const ids = new URLSearchParams(address.split("?")[1]).get("ids")?.split(",").map(Number);
      return { json: { results: STORIES.filter(({ id, public: seen }) => (ids ? ids.includes(id) : seen)) } };
    },
  });
  const { relatedStories } = await page.load("admin/story-box.js");
  relatedStories({ stories: "/search/", story: 1 });
  await settle();
  const field = page.find("[data-related]");
  return Object.assign(page, {
    field,
    value: () => field.value,
    names: () => page.all(".related-list li > span").map((one) => one.textContent.trim()),
    click: async (name) => {
      page.find(`[aria-label="${name}"]`).click();
      await settle();
    },
  });
};

test("the stories are listed by name, moved and removed with buttons that keep the keyboard", async () => {
  const page = await open("8 7");
  assert.equal(page.field.hidden, true);
  assert.deepEqual(page.names(), ["The quay Draft: readers do not see it", "The wall 4 March 2031"]);
  await page.click("Move “The wall” up");
  assert.deepEqual([page.value(), page.names()[0]], ["7 8", "The wall 4 March 2031"]);
  assert.equal(page.document.activeElement.getAttribute("aria-label"), "Move “The wall” down");
  await page.click("Remove “The quay”");
  assert.equal(page.value(), "7");
  assert.equal(page.document.activeElement.getAttribute("role"), "combobox");
});

test("a story is found by its words and added at the end, one that is there already is not offered", async () => {
  const page = await open("7");
  const box = page.find("[role=combobox]");
  page.type(box, "the");
  await page.clock.pass(200);
  assert.deepEqual(page.all("[role=option] .person-name").map((one) => one.textContent), ["The gull"]);
  page.press("Enter", { on: box });
  await settle();
  assert.deepEqual([page.value(), box.value, page.names().length], ["7 9", "", 2]);
});

test("words put back into the field are drawn, and a desk that does not answer is told", async () => {
  const page = await open("7");
  page.type(page.field, "9 7");
  await settle();
  assert.deepEqual(page.names(), ["The gull 5 March 2031", "The wall 4 March 2031"]);
  page.answer = () => null;
  page.type(page.find("[role=combobox]"), "quay");
  await page.clock.pass(200);
  assert.match(page.find(".person-note").textContent, /did not answer/);
});
