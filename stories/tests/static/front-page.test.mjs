import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const line = (place, story) => `<li class="front-place" data-place="${place}" data-story="${story}" draggable="true">
  <button name="do" value="up-${place}" ${place === 1 ? "disabled" : ""}>up</button>
  <button name="do" value="down-${place}">down</button></li>`;
const screen = (stories, said = "", changed = "data-changed") => `<form id="front-page" method="post" action="/there/">
  <button name="do" value="search" hidden></button><p id="front-said">${said}</p>
  <div id="front-places" ${changed}><ol>${stories.map((story, at) => line(at + 1, story)).join("")}</ol></div>
  <input id="id_words" name="words"><div id="front-found">${said}</div>
  <button name="do" value="save">Save</button></form>`;

const open = async (...answers) => {
  const page = new Page(screen([7, 8], "", ""), { answer: () => answers.shift() ?? null });
  await page.load("admin/front-page.js");
  page.stories = () => page.all(".front-place").map((one) => one.dataset.story);
  page.click = async (selector) => {
    page.find(selector).click();
    await settle();
  };
  page.asked = () => page.requests.map(({ body }) => body.get("do"));
  return page;
};

test("a step changes the screen where it stands, says so, and leaves the keyboard on the story", async () => {
  const page = await open({ text: screen([8, 7], "Moved") });
  await page.click("[value=up-2]");
  assert.deepEqual([page.asked(), page.sent.length, page.stories()], [["up-2"], 0, ["8", "7"]]);
  assert.equal(page.find("#front-said").textContent, "Moved");
  assert.equal(page.document.activeElement.value, "down-1"); // up-1 cannot be pressed
  assert.equal(page.document.activeElement.closest("li").dataset.story, "8");
  await page.click("[value=save]");
  assert.equal(page.sent.length, 1); // as without a script
});

test("typing searches after a pause, once, and nothing else on the screen changes", async () => {
  const page = await open({ text: screen([], "Found") });
  page.type(page.find("#id_words"), "wa");
  page.type(page.find("#id_words"), "wall");
  await page.clock.pass(300);
  assert.deepEqual([page.asked(), page.requests[0].body.get("words")], [["search"], "wall"]);
  assert.deepEqual([page.find("#front-found").textContent, page.stories()], ["Found", ["7", "8"]]);
});

test("a story is dragged to another place", async () => {
  const page = await open({ text: screen([8, 7]) });
  const drag = (type, selector) => {
    const event = new page.window.Event(type, { bubbles: true, cancelable: true });
    event.dataTransfer = {};
    page.find(selector).dispatchEvent(event);
    return event.defaultPrevented;
  };
  drag("dragstart", "[data-story='7']");
  assert.equal(drag("dragover", "[data-place='2']"), true); // it may be dropped there
  drag("drop", "[data-place='2']");
  await settle();
  assert.deepEqual([page.asked(), page.stories()], [["move-1-2"], ["8", "7"]]);
});

test("a desk that does not answer changes nothing and says so", async () => {
  for (const answer of [null, { status: 500, text: "" }, { text: "<h1>Sign in</h1>" }]) {
    const page = await open(answer);
    await page.click("[value=down-1]");
    assert.deepEqual(page.stories(), ["7", "8"]);
    assert.match(page.find("#front-said").textContent, /did not answer, and nothing was changed/);
  }
});

test("leaving what is not saved is asked about, saving is not", async () => {
  const page = await open({ text: screen([8, 7]) });
  const leaves = () => page.window.dispatchEvent(new page.window.Event("beforeunload", { cancelable: true }));
  delete page.find("#front-places").dataset.changed;
  assert.equal(leaves(), true);
  await page.click("[value=up-2]");
  assert.equal(leaves(), false);
  await page.click("[value=save]");
  assert.equal(leaves(), true);
});
