import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const FORM = `<form action="/search/" data-suggestions="/search/suggestions/">
  <label for="words">Search</label><input id="words" name="q" type="search"><button>Search</button></form>`;
const LOWTHER = { kind: "Person", name: "Ada Lowther", note: "Mayor", address: "/people/ada-lowther/" };
const LOWLAND = { kind: "Topic", name: "Lowland <farms>", note: "", address: "/topics/lowland-farms/" };

const open = ({ answer = () => ({ json: { suggestions: [LOWTHER, LOWLAND] } }) } = {}) => {
  const page = new Page(FORM, { address: "https://news.example/", answer });
  page.run("suggestions.js");
  page.field = page.find("#words");
  page.list = page.find("[role=listbox]");
  page.field.focus();
  page.after = async (words) => {
    page.type(page.field, words);
    await page.clock.pass(150);
  };
  return page;
};

test("what is typed is asked once, after a pause, and shown with its kind", async () => {
  const page = open();
  page.type(page.field, "lo");
  await page.clock.pass(100);
  await page.after("low");
  assert.deepEqual(page.requests.map(({ address }) => address), ["/search/suggestions/?q=low"]);
  assert.deepEqual(
    page.all("[role=option]").map((one) => one.textContent), ["Ada Lowther Person: Mayor", "Lowland <farms> Topic"],
  );
  assert.equal(page.field.getAttribute("aria-expanded"), "true");
  assert.equal(page.find("[role=status]").textContent, "2 suggestions");
  await page.after("l");
  assert.equal(page.list.hidden, true);
  await page.after("LOW");
  assert.equal(page.list.hidden, false);
  assert.equal(page.requests.length, 1);
});

test("what was typed before the script came is asked for, too, and what stood in the field is not", async () => {
  const answer = () => ({ json: { suggestions: [LOWTHER] } });
  for (const [attribute, typed, requests] of [["", "low", 1], ["low", "low", 0]]) {
    const page = new Page(FORM.replace("id=", `value="${attribute}" id=`), { answer });
    page.find("input").value = typed;
    page.run("suggestions.js");
    await page.clock.pass(150);
    assert.equal(page.requests.length, requests);
  }
});

test("the arrows go through the list and out of it, and Enter opens what is chosen", async () => {
  const page = open();
  await page.after("low");
  const chosen = () => page.find("[aria-selected=true]")?.id ?? null;
  for (const [key, option] of [["ArrowDown", 0], ["ArrowDown", 1], ["ArrowDown", null], ["ArrowUp", 1]]) {
    assert.equal(page.press(key), false);
    assert.equal(chosen(), option === null ? null : page.all("[role=option]")[option].id);
    assert.equal(page.field.getAttribute("aria-activedescendant"), chosen());
  }
  assert.equal(page.press("Enter"), false);
  assert.deepEqual(page.went, ["/topics/lowland-farms/"]);
});

test("Enter without a choice sends the form", async () => {
  const page = open();
  await page.after("low");
  assert.equal(page.press("Enter"), true);
  assert.deepEqual(page.went, []);
});

test("Escape and leaving the field close the list, and keep what was typed", async () => {
  const page = open();
  await page.after("low");
  assert.equal(page.press("Escape"), false);
  assert.equal(page.list.hidden, true);
  assert.equal(page.field.value, "low");
  assert.equal(page.press("Escape"), true); // the browser's own
  await page.after("lowt");
  page.find("button").focus();
  assert.equal(page.field.getAttribute("aria-expanded"), "false");
});

test("an option is opened by a click, which does not take the focus from the field", async () => {
  const page = open();
  await page.after("low");
  const [option] = page.all("[role=option]");
  assert.equal(page.fire("mousedown", option).defaultPrevented, true);
  option.querySelector("span").click();
  assert.deepEqual(page.went, ["/people/ada-lowther/"]);
});

test("an answer that is overtaken, or does not come, changes nothing", async () => {
  const waiting = [];
  const page = open({ answer: () => new Promise((resolve) => { waiting.push(resolve); }) });
  await page.after("lo");
  await page.after("low");
  waiting[1]({ json: { suggestions: [LOWTHER] } });
  await settle();
  waiting[0]({ json: { suggestions: [LOWLAND] } });
  await settle();
  assert.equal(page.all("[role=option]").length, 1);
  await page.after("lowl");
  waiting[2](null);
  await settle();
  assert.equal(page.all("[role=option]").length, 1);
  await page.after("lowla");
  waiting[3]({ status: 500, json: {} });
  await settle();
  assert.equal(page.list.hidden, true);
});
