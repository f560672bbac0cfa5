import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const STORY = `<head><link rel="canonical" href="https://news.example/stories/wall/"></head><body>
  <h1> The wall </h1><p data-tools></p><textarea readonly>&lt;iframe></textarea><textarea>Written</textarea>
  <a class="said" href="#">words</a><p id="beside">beside</p>
  <details class="notes"><summary>A claim</summary><p id="card">Who said it</p></details></body>`;

const open = ({ navigator = {} } = {}) => {
  const page = new Page(STORY, { address: "https://news.example/stories/wall/?from=feed" });
  page.copied = [];
  const clipboard = { writeText: async (text) => { page.copied.push(text); } };
  for (const [name, value] of Object.entries({ clipboard, ...navigator })) {
    Object.defineProperty(page.window.navigator, name, { value });
  }
  page.run("site.js");
  page.button = (label) => page.all("button").find((one) => one.textContent === label);
  return page;
};

test("a story gets buttons to share and to print it, and code that may be copied one to copy it", () => {
  const page = open();
  assert.deepEqual(page.all("button").map((one) => one.textContent), ["Share", "Print", "Copy the code"]);
  assert.deepEqual(page.all("button").map((one) => one.type), ["button", "button", "button"]);
});

test("print prints", () => {
  const page = open();
  let printed = 0;
  page.window.print = () => { printed += 1; };
  page.button("Print").click();
  assert.equal(printed, 1);
});

test("code is copied, which the button says for two seconds", async () => {
  const page = open();
  const button = page.button("Copy the code");
  button.click();
  await settle();
  assert.deepEqual(page.copied, ["<iframe>"]);
  assert.deepEqual([button.textContent, button.getAttribute("aria-live")], ["Copied", "polite"]);
  await page.clock.pass(2000);
  assert.equal(button.textContent, "Copy the code");
});

test("pressed twice, the button still says at last what it does", async () => {
  const page = open();
  const button = page.button("Copy the code");
  button.click();
  await settle();
  await page.clock.pass(1000);
  button.click();
  await settle();
  await page.clock.pass(2000);
  assert.equal(button.textContent, "Copy the code");
});

test("a browser that lets nothing be copied is said", async () => {
  const page = open({ navigator: { clipboard: { writeText: async () => { throw new Error("denied"); } } } });
  const button = page.button("Copy the code");
  button.click();
  await settle();
  assert.equal(button.textContent, "Your browser did not allow it");
});

test("a story is shared by its headline and its own address", async () => {
  const shared = [];
  const page = open({ navigator: { share: async (what) => { shared.push({ ...what }); } } });
  page.button("Share").click();
  await settle();
  assert.deepEqual(shared, [{ title: "The wall", url: "https://news.example/stories/wall/" }]);
  assert.deepEqual(page.copied, []);
});

test("where nothing can be shared the address is copied", async () => {
  const page = open();
  page.button("Share").click();
  await settle();
  assert.deepEqual(page.copied, ["https://news.example/stories/wall/"]);
});

for (const [name, copied] of [["AbortError", []], ["NotAllowedError", ["https://news.example/stories/wall/"]]]) {
  test(`sharing that ends with ${name} copies ${copied.length} addresses`, async () => {
    const page = open({ navigator: { share: async () => { throw Object.assign(new Error("no"), { name }); } } });
    page.button("Share").click();
    await settle();
    assert.deepEqual(page.copied, copied);
  });
}

test("an open claim closes on Escape, which gives the focus back to what opened it", () => {
  const page = open();
  page.find(".notes").open = true;
  page.press("Enter");
  assert.equal(page.find(".notes").open, true);
  page.press("Escape");
  assert.equal(page.find(".notes").open, false);
  assert.equal(page.document.activeElement, page.find("summary"));
  page.press("Escape"); // nothing is open any more
});

test("an open claim closes on a click beside it, and on none in it or on quoted words", () => {
  const page = open();
  page.find(".notes").open = true;
  page.find("#card").click();
  page.find(".said").click();
  assert.equal(page.find(".notes").open, true);
  page.find("#beside").click();
  assert.equal(page.find(".notes").open, false);
});

test("who begins to search gets the script for suggestions, once", () => {
  const page = open();
  const form = page.document.createElement("form");
  form.innerHTML = '<input type="search"><button>Search</button>';
  form.dataset.suggestions = "/search/suggestions/";
  form.dataset.script = "/static/suggestions.js";
  page.document.body.append(form);
  page.find(".said").focus();
  assert.deepEqual(page.all("script"), []);
  page.find("input").focus();
  page.find("form button").focus();
  assert.deepEqual(page.all("script").map((one) => one.getAttribute("src")), ["/static/suggestions.js"]);
});
