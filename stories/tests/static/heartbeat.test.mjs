import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const ADDRESS = "https://news.example/admin/stories/article/3/change/";
const KEY = "desk-kept-5-/admin/stories/article/3/change/";
const DATA = { id: "copy-1", who: 5, login: "/admin/login/" };
const STORY = { story: 3, heartbeat: "/beat/", forget: "/forget/", unsaved: null };
const FORM = `<form id="form"><p id="line"></p>
  <input type="hidden" name="csrfmiddlewaretoken" value="old"><input type="hidden" name="as_shown" value="signed">
  <input type="hidden" name="opened" value="mark-1">
  <input name="headline" value="A headline"><textarea name="body"></textarea><input name="unlisted">
  <button name="_save">Save</button>
</form>`;
const WELL = { json: { others: [], mark: "mark-1", kept: "2031-05-06T10:00:00Z" } };

const open = async ({ story = STORY, answer = () => WELL, cookie = "csrftoken=fresh", start = true } = {}) => {
  const page = new Page(FORM, { address: ADDRESS, answer: (request) => page.next(request) });
  page.next = answer;
  page.document.cookie = cookie;
  const { statusMessages } = await page.load("admin/autosave.js");
  const { StoryAutosave } = await page.load("admin/heartbeat.js");
  const form = page.find("#form");
  const said = [];
  const status = Object.assign(statusMessages({ place: form, line: page.find("#line"), login: DATA.login }), {
    others: (list) => said.push(["others", ...list]),
    autosaved: (at) => said.push(["autosaved", at.toISOString()]),
    outdated: () => said.push(["outdated"]),
  });
  const autosave = new StoryAutosave({ story: { ...story }, form, data: DATA, status });
  if (start) {
    autosave.start();
    await settle();
  }
  return Object.assign(page, {
    autosave, said,
    field: (name) => form.elements[name],
    line: () => page.find("#line").textContent,
    notice: () => page.find(".kept-offer:not([hidden])")?.textContent ?? null,
    copy: () => JSON.parse(page.window.localStorage.getItem(KEY)),
    beats: () => page.requests.map(({ body }) => JSON.parse(body)),
    async save() {
      form.requestSubmit(form.elements._save);
      await settle();
    },
  });
};
const FIELDS = { headline: "A headline", body: "", opened: "mark-1", as_shown: "signed" };

// What is sent when

test("the desk is told at once who is here, without words when nothing was typed", async () => {
  const page = await open();
  const [{ address, method, headers, body }] = page.requests;
  assert.deepEqual([address, method], ["/beat/", "POST"]);
  assert.deepEqual({ ...headers }, { "X-CSRFToken": "fresh", "Content-Type": "application/json" });
  assert.deepEqual(JSON.parse(body), { who: 5 });
});

test("the heart beats every 20 seconds", async () => {
  const page = await open();
  await page.clock.pass(19_999);
  assert.equal(page.requests.length, 1);
  await page.clock.pass(40_001);
  assert.equal(page.requests.length, 4);
});

test("what was typed is sent 2.5 seconds after the last key, with what the form began from", async () => {
  const page = await open();
  page.type(page.field("headline"), "A headline in the");
  await page.clock.pass(2000);
  page.type(page.field("headline"), "A headline in the making");
  await page.clock.pass(2499);
  assert.equal(page.requests.length, 1);
  await page.clock.pass(1);
  assert.deepEqual(page.beats()[1], { who: 5, fields: { ...FIELDS, headline: "A headline in the making" } });
});

test("what is typed is saved in this browser before it is sent", async () => {
  const page = await open();
  page.type(page.field("body"), "Words");
  await page.clock.pass(300);
  assert.equal(page.copy().fields.body, "Words");
  assert.equal(page.requests.length, 1);
});

test("what the desk has is not sent again", async () => {
  const page = await open();
  page.type(page.field("body"), "Words");
  await page.clock.pass(2500);
  await page.clock.pass(20_000);
  assert.deepEqual(page.beats().map(({ fields }) => fields?.body), [undefined, "Words", undefined]);
});

test("only the fields that the desk keeps are sent", async () => {
  const page = await open();
  page.type(page.field("unlisted"), "typed");
  await page.clock.pass(2500);
  assert.deepEqual(page.beats()[1], { who: 5 });
});

// What comes back

test("the page says who else is here and when the words were kept", async () => {
  const others = [{ name: "Bram", since: "10:04" }];
  const page = await open({ answer: () => ({ json: { ...WELL.json, others } }) });
  page.type(page.field("body"), "Words");
  await page.clock.pass(2500);
  const here = ["others", others[0]];
  assert.deepEqual(page.said, [here, here, ["autosaved", "2031-05-06T10:00:00.000Z"]]);
});

test("a story saved by somebody else is said to be, and one that nobody saved is not", async () => {
  const page = await open();
  assert.deepEqual(page.said, [["others"]]);
  page.next = () => ({ json: { ...WELL.json, mark: "mark-2" } });
  await page.clock.pass(20_000);
  assert.deepEqual(page.said.at(-1), ["outdated"]);
});

test("a new story has no mark to be compared", async () => {
  const page = await open({ answer: () => ({ json: { others: [], mark: "", kept: "" } }) });
  assert.deepEqual(page.said, [["others"]]);
});

// Nothing is lost

for (const [what, answer, says] of [
  ["a desk out of reach", null, /^The desk cannot be reached just now/],
  ["a desk that refuses", { status: 403, json: { error: "you may not." } }, /only: you may not\.$/],
  ["a desk that fails with an answer", { status: 500, json: {} }, /only: 500$/],
]) {
  test(`${what} does not lose what was typed: it stays here and is sent with the next heartbeat`, async () => {
    const page = await open();
    page.next = () => answer;
    page.type(page.field("body"), "Not to be lost");
    await page.clock.pass(2500);
    assert.match(page.line(), says);
    assert.equal(page.copy().fields.body, "Not to be lost");
    page.next = () => WELL;
    await page.clock.pass(20_000);
    assert.equal(page.beats().at(-1).fields.body, "Not to be lost");
    assert.equal(page.line(), "The desk is there again. You can save.");
  });
}

for (const [what, answer] of [
  ["redirects to the login page", { redirected: true, json: {} }], ["answers with a page", { text: "<html>" }],
]) {
  test(`a desk that ${what} has signed the person out, and the words stay`, async () => {
    const page = await open();
    page.next = () => answer;
    page.type(page.field("body"), "Not to be lost");
    await page.clock.pass(2500);
    assert.match(page.notice(), /^You are signed out\./);
    assert.equal(page.copy().fields.body, "Not to be lost");
    page.next = () => WELL;
    await page.clock.pass(20_000);
    assert.equal(page.notice(), null);
    assert.equal(page.beats().at(-1).fields.body, "Not to be lost");
  });
}

test("a heartbeat that the next one overtakes is stopped and says nothing", async () => {
  const page = await open();
  page.next = () => new Promise(() => {});
  page.type(page.field("body"), "One");
  await page.clock.pass(2500);
  page.next = () => WELL;
  page.type(page.field("body"), "Two");
  await page.clock.pass(2500);
  assert.equal(page.requests[1].signal.aborted, true);
  assert.equal(page.beats()[2].fields.body, "Two");
  assert.deepEqual([page.line(), page.notice()], ["", null]);
});

for (const [newer, kept] of [["From the desk", "2031-05-07T10:00:00Z"], ["From here", "2031-05-05T10:00:00Z"]]) {
  test(`of the desk's copy and this browser's the newer is offered: ${newer}`, async () => {
    const unsaved = { fields: { body: "From the desk", opened: "mark-0", as_shown: "earlier" }, kept };
    const page = await open({ start: false, story: { ...STORY, unsaved } });
    const here = { fields: { body: "From here" }, marks: { opened: "mark-here" }, at: "2031-05-06T10:00:00Z" };
    page.window.localStorage.setItem(KEY, JSON.stringify(here));
    page.autosave.start();
    page.find(".kept-offer button").click();
    assert.equal(page.field("body").value, newer);
    assert.equal(page.field("opened").value, newer === "From here" ? "mark-here" : "mark-0");
  });
}

test("words thrown away are thrown away here and on the desk", async () => {
  const unsaved = { fields: { body: "Typed" }, kept: "2031-05-07T10:00:00Z" };
  const page = await open({ story: { ...STORY, unsaved }, start: false });
  page.window.localStorage.setItem(KEY, JSON.stringify({ fields: { body: "Here" }, at: "2031-05-06T10:00:00Z" }));
  page.autosave.start();
  page.all(".kept-offer button")[1].click();
  assert.equal(page.copy(), null);
  const { address, method, body } = page.requests.at(-1);
  assert.deepEqual([address, method], ["/forget/", "POST"]);
  assert.deepEqual([...body.entries()], [["csrfmiddlewaretoken", "fresh"], ["story", "3"]]);
});

// Sending and leaving

test("a story is sent without asking while the last heartbeat was well", async () => {
  const page = await open();
  page.type(page.field("body"), "Words");
  await page.save();
  assert.equal(page.sent.length, 1);
  assert.equal(page.requests.length, 1);
  await page.clock.pass(60_000);
  assert.equal(page.requests.length, 1, "no heartbeat after the form is sent: it would keep again what is being saved");
});

test("a heartbeat on its way is stopped when the story is sent", async () => {
  const page = await open();
  page.next = () => new Promise(() => {});
  await page.clock.pass(20_000);
  await page.save();
  assert.equal(page.requests.at(-1).signal.aborted, true);
});

test("after a heartbeat that failed the desk is asked before the story is sent", async () => {
  const page = await open({ answer: () => null });
  page.type(page.field("body"), "Words");
  await page.save();
  assert.equal(page.sent.length, 0);
  page.next = () => WELL;
  await page.save();
  assert.equal(page.sent.length, 1);
  assert.equal(page.beats().at(-1).fields.body, "Words");
});

test("who leaves a story says so, even as the page closes; a new story is left without a word", async () => {
  const page = await open();
  page.fire("pagehide");
  const { address, keepalive, body } = page.requests.at(-1);
  assert.deepEqual([address, keepalive, JSON.parse(body)], ["/beat/", true, { leaving: true }]);
  const fresh = await open({ story: { ...STORY, story: null } });
  fresh.fire("pagehide");
  assert.equal(fresh.requests.length, 1);
});

test("a desk out of reach as the page closes does no harm", async () => {
  const page = await open();
  page.next = () => null;
  page.fire("pagehide");
  await settle();
});
