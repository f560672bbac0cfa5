import assert from "node:assert/strict";
import test from "node:test";

import { Page, plain, settle } from "./page.mjs";

const ADDRESS = "https://news.example/admin/stories/claim/7/change/";
const KEY = "desk-kept-5-/admin/stories/claim/7/change/";
const DATA = { id: "copy-1", who: 5, login: "/admin/login/?next=/admin/" };
const HERE = { headers: { "x-signed-in": "5" } }; // the desk knows person 5
const LOGIN_PAGE = { redirected: true };
const FORM = `<div id="before"></div><form id="form" method="post">
  <p id="line"></p>
  <input type="hidden" name="csrfmiddlewaretoken" value="old">
  <input type="hidden" name="as_shown" value="signed state">
  <input name="summary" value="As it was">
  <textarea name="note"></textarea>
  <input type="checkbox" name="confirmed">
  <input type="radio" name="kind" value="direct" checked><input type="radio" name="kind" value="indirect">
  <input type="radio" name="kind" value="mixed">
  <select name="about" multiple><option value="1" selected>Ada</option><option value="2">Bram</option></select>
  <input type="password" name="secret"><input type="file" name="picture"><input type="hidden" name="hidden" value="h">
  <input name="_query"><input name="rows-__prefix__-words">
  <div class="selector"><input name="filter"></div>
  <button name="_save">Save</button><button name="_preview" formtarget="_blank">Preview</button>
</form>`;

const open = async ({ form = FORM, answer = () => HERE, stored, cookie, setText } = {}) => {
  const page = new Page(form, { address: ADDRESS, answer });
  if (stored) page.window.localStorage.setItem(KEY, JSON.stringify(stored));
  if (cookie) page.document.cookie = cookie;
  const scripts = await page.load("admin/autosave.js");
  const element = page.find("#form");
  const status = scripts.statusMessages({ place: element, line: page.find("#line"), login: DATA.login });
  const autosave = new scripts.Autosave({ form: element, data: DATA, status, setText });
  return Object.assign(page, {
    autosave, scripts,
    field: (name) => element.elements[name],
    copy: () => JSON.parse(page.window.localStorage.getItem(KEY)),
    line: () => page.find("#line").textContent,
    notice: () => page.find(".kept-offer:not([hidden])")?.textContent ?? null,
    async save(name = "_save") {
      element.requestSubmit(element.elements[name]);
      await settle();
    },
    show(state) {
      Object.defineProperty(page.document, "visibilityState", { value: state, configurable: true });
      page.fire("visibilitychange", page.document);
    },
  });
};

/** A copy as an earlier page left it in this browser. */
const copyOf = (fields, more = {}) => ({
  id: "copy-0", fields, marks: { as_shown: "earlier state" }, at: "2031-05-06T10:00:00.000Z", ...more,
});

// What is saved in this browser

test("what is typed is saved in this browser 0.3 seconds after the last key", async () => {
  const page = await open();
  page.type(page.field("summary"), "As it i");
  await page.clock.pass(200);
  page.type(page.field("summary"), "As it is");
  await page.clock.pass(299);
  assert.equal(page.copy(), null);
  await page.clock.pass(1);
  const { id, fields, marks, at } = page.copy();
  assert.equal(fields.summary, "As it is");
  assert.deepEqual({ id, marks }, { id: "copy-1", marks: { as_shown: "signed state" } });
  assert.ok(Math.abs(Date.now() - new Date(at)) < 60_000);
});

test("nothing is saved of a form that is as it was opened", async () => {
  const page = await open();
  page.type(page.field("summary"), "As it was");
  await page.clock.pass(1000);
  page.fire("pagehide");
  assert.equal(page.copy(), null);
});

test("fields of every kind are saved, but no secret, file, hidden or unnamed one", async () => {
  const page = await open();
  page.field("confirmed").checked = true;
  page.type(page.field("secret"), "hush");
  page.type(page.field("_query"), "typed into a search");
  await page.clock.pass(300);
  assert.deepEqual(page.copy().fields, {
    summary: "As it was", note: "", confirmed: true, kind: "direct", about: [["1", "Ada"]],
  });
});

test("what is typed is saved at once when the page is hidden or left", async () => {
  const page = await open();
  page.type(page.field("note"), "Hidden");
  page.show("hidden");
  assert.equal(page.copy().fields.note, "Hidden");
  page.show("visible");
  page.type(page.field("note"), "Left");
  page.fire("pagehide");
  assert.equal(page.copy().fields.note, "Left");
});

test("a browser that stores nothing does not stop the form", async () => {
  const page = await open();
  page.window.Storage.prototype.setItem = () => { throw new Error("The quota has been exceeded."); };
  page.type(page.field("note"), "Typed");
  await page.clock.pass(300);
  await page.save();
  assert.equal(page.sent.length, 1);
});

test("a choice that only jQuery hears of is saved too", async () => {
  const heard = {};
  const page = new Page(FORM, { address: ADDRESS });
  page.window.django = { jQuery: () => ({ on: (event, act) => { heard[event] = act; } }) };
  const { Autosave } = await page.load("admin/autosave.js");
  const autosave = new Autosave({ form: page.find("#form"), data: DATA, status: {} });
  page.find("[value='2']").selected = true;
  heard.change();
  await page.clock.pass(300);
  const { fields } = JSON.parse(page.window.localStorage.getItem(autosave.key));
  assert.deepEqual(fields.about, [["1", "Ada"], ["2", "Bram"]]);
});

// What is offered when the form is opened again

const TYPED = {
  summary: "Typed before", note: "A note", confirmed: true, kind: "indirect", about: [["2", "Bram"], ["9", "Zoe"]],
};

test("words that were not saved are offered, and put in only when somebody says so", async () => {
  const page = await open({ stored: copyOf(TYPED) });
  page.autosave.offerCopies();
  assert.match(page.notice(), /^You wrote here and did not save \(.+, \d\d:\d\d\)\./);
  assert.equal(page.field("summary").value, "As it was");
  page.find(".kept-offer button").click();
  assert.equal(page.notice(), null);
  assert.deepEqual(plain(page.autosave.values()), TYPED);
});

test("other scripts hear of words put in again as of words typed", async () => {
  const page = await open({ stored: copyOf(TYPED) });
  const heard = [];
  page.find("#form").addEventListener("input", (event) => heard.push(event.target.name));
  page.autosave.offerCopies();
  page.find(".kept-offer button").click();
  assert.deepEqual(heard, ["summary", "note", "confirmed", "kind", "kind", "kind", "about"]);
});

test("words put in again go on from the state they were begun from, under their own number", async () => {
  const page = await open({ stored: copyOf(TYPED) });
  page.autosave.offerCopies();
  page.find(".kept-offer button").click();
  assert.equal(page.field("as_shown").value, "earlier state");
  await page.clock.pass(300);
  assert.equal(page.copy().id, "copy-0");
  assert.deepEqual(page.copy().fields, TYPED);
  assert.deepEqual(page.copy().marks, { as_shown: "earlier state" });
});

test("words thrown away are gone from this browser", async () => {
  const page = await open({ stored: copyOf(TYPED) });
  page.autosave.offerCopies();
  page.all(".kept-offer button")[1].click();
  assert.equal(page.copy(), null);
  assert.equal(page.field("summary").value, "As it was");
});

test("of several copies the newest is offered", async () => {
  const page = await open({ stored: copyOf({ summary: "Older" }) });
  page.autosave.offerCopies([{ fields: { summary: "Newer" }, at: "2031-05-07T10:00:00.000Z" }]);
  page.find(".kept-offer button").click();
  assert.equal(page.field("summary").value, "Newer");
});

test("a copy that says what the form says is not offered and dropped", async () => {
  const unchanged = { summary: "As it was", "rows-TOTAL_FORMS": "1", "rows-0-id": "11", "rows-0-words": "", gone: "x" };
  const page = await open({ stored: copyOf(unchanged) });
  page.autosave.offerCopies();
  assert.equal(page.notice(), null);
  assert.equal(page.copy(), null);
});

test("nothing is offered where the page itself stands with words that were not saved", async () => {
  const page = await open({ form: `<p class="errornote">Mend this.</p>${FORM}`, stored: copyOf(TYPED) });
  page.autosave.offerCopies();
  assert.equal(page.notice(), null);
  assert.notEqual(page.copy(), null);
});

test("a text editor is given its words by the editor", async () => {
  const given = [];
  const page = await open({
    stored: copyOf({ note: "<p>Formatted</p>" }),
    setText: (field, html) => field.name === "note" && given.push(html) > 0,
  });
  page.autosave.offerCopies();
  page.find(".kept-offer button").click();
  assert.deepEqual(given, ["<p>Formatted</p>"]);
  assert.equal(page.field("note").value, "");
});

// Rows of a form

const ROW = (number, id, words) => `<input type="hidden" name="rows-${number}-id" value="${id}">
  <input name="rows-${number}-words" value="${words}">`;

const rowForm = (...rows) => `<form id="form"><p id="line"></p><div id="rows-group">
  <input type="hidden" name="rows-TOTAL_FORMS" value="${rows.length}">
  ${rows.map(([id, words], number) => ROW(number, id, words)).join("")}
  <p class="add-row"><a href="#">Add</a></p></div></form>`;

const openRows = async (rows, stored, { mayAdd = true } = {}) => {
  const page = await open({ form: rowForm(...rows), stored: copyOf(stored) });
  page.find(".add-row a").addEventListener("click", (event) => {
    event.preventDefault();
    if (!mayAdd) return;
    const total = page.field("rows-TOTAL_FORMS");
    page.find(".add-row").insertAdjacentHTML("beforebegin", ROW(total.value, "", ""));
    total.value = String(Number(total.value) + 1);
  });
  page.autosave.offerCopies();
  page.find(".kept-offer button")?.click();
  return page;
};
const words = (page) => page.all("[name$=-words]").map((field) => field.value);

test("a row's words go into that row, wherever it stands now", async () => {
  const stored = {
    "rows-TOTAL_FORMS": "2", "rows-0-id": "11", "rows-0-words": "one typed",
    "rows-1-id": "12", "rows-1-words": "two typed",
  };
  assert.deepEqual(words(await openRows([["12", "two"], ["11", "one"]], stored)), ["two typed", "one typed"]);
});

test("a new row is added for words typed into a new row, and none for an empty one", async () => {
  const stored = {
    "rows-TOTAL_FORMS": "3", "rows-0-id": "11", "rows-0-words": "one", "rows-1-id": "", "rows-1-words": "",
    "rows-2-id": "", "rows-2-words": "new",
  };
  const page = await openRows([["11", "one"]], stored);
  assert.deepEqual(words(page), ["one", "new"]);
  assert.equal(page.field("rows-TOTAL_FORMS").value, "2");
});

test("words of two new rows are put into two rows, beside an empty one", async () => {
  const stored = {
    "rows-TOTAL_FORMS": "3", "rows-0-id": "11", "rows-0-words": "one", "rows-1-id": "", "rows-1-words": "new",
    "rows-2-id": "", "rows-2-words": "newer",
  };
  assert.deepEqual(words(await openRows([["11", "one"], ["", ""]], stored)), ["one", "", "new", "newer"]);
});

test("words of a row that is gone are put into a new row", async () => {
  const stored = { "rows-TOTAL_FORMS": "1", "rows-0-id": "11", "rows-0-words": "of a row that somebody took out" };
  assert.deepEqual(words(await openRows([["12", "two"]], stored)), ["two", "of a row that somebody took out"]);
});

test("words of a row that is gone are put over no other row's where none can be added", async () => {
  const stored = { "rows-TOTAL_FORMS": "1", "rows-0-id": "11", "rows-0-words": "of a row that somebody took out" };
  assert.deepEqual(words(await openRows([["12", "two"]], stored, { mayAdd: false })), ["two"]);
});

test("a copy that differs only in how many rows there are is not offered", async () => {
  const page = await openRows([["11", "one"]], { "rows-TOTAL_FORMS": "2", "rows-0-id": "11", "rows-0-words": "one" });
  assert.equal(page.copy(), null);
});

// What is kept for how long

test("copies that the desk has saved, old ones and broken ones are dropped; all else stays", async () => {
  const page = new Page("", { address: ADDRESS });
  const { localStorage } = page.window;
  const days = (number) => new Date(Date.now() - number * 24 * 3600 * 1000).toISOString();
  page.document.cookie = "desk-saved=saved-id";
  const keep = {
    "desk-kept-5-/a/": JSON.stringify({ id: "other", at: days(29) }),
    "somebody-else": "not ours",
  };
  const lose = {
    "desk-kept-5-/b/": JSON.stringify({ id: "saved-id", at: days(0) }),
    "desk-kept-5-/c/": JSON.stringify({ id: "other", at: days(31) }),
    "desk-kept-5-/d/": "{broken",
  };
  for (const [key, value] of Object.entries({ ...keep, ...lose })) localStorage.setItem(key, value);
  const { removeOldCopies } = await page.load("admin/autosave.js");
  removeOldCopies();
  assert.deepEqual(Object.keys(localStorage).sort(), Object.keys(keep).sort());
});

test("a browser without storage has no copies to drop", async () => {
  const page = new Page("", { address: ADDRESS });
  Object.defineProperty(page.window, "localStorage", { get: () => { throw new Error("denied"); } });
  const { removeOldCopies } = await page.load("admin/autosave.js");
  removeOldCopies();
});

// Sending the form

test("before a form is sent the desk is asked once whether it is there, and who is signed in", async () => {
  const page = await open({ cookie: "csrftoken=fresh" });
  page.type(page.field("note"), "Typed");
  await page.save();
  const asked = page.requests.map(({ method, address }) => `${method} ${address}`);
  assert.deepEqual(asked, ["HEAD /admin/stories/claim/7/change/"]);
  assert.deepEqual(page.sent.map(({ button }) => button.name), ["_save"]);
  assert.equal(page.field("csrfmiddlewaretoken").value, "fresh");
});

test("a browser without the cookie of the token sends the one that the form has", async () => {
  const page = await open();
  await page.save();
  assert.equal(page.field("csrfmiddlewaretoken").value, "old");
});

test("a form sent is kept as sent until the desk says that it is saved", async () => {
  const page = await open();
  await page.save();
  assert.equal(page.copy().submitted, true);
  page.type(page.field("note"), "Typed while the next page loads");
  await page.clock.pass(1000);
  page.fire("pagehide");
  assert.equal(page.copy().fields.note, "");
});

test("a page shown again from the browser's memory saves what is typed again", async () => {
  const page = await open();
  await page.save();
  page.fire("pageshow", page.window, { persisted: true });
  page.type(page.field("note"), "Typed after going back");
  await page.clock.pass(300);
  assert.equal(page.copy().fields.note, "Typed after going back");
});

test("a second press while the desk is asked sends the form once", async () => {
  let tell;
  const page = await open({ answer: () => new Promise((resolve) => { tell = resolve; }) });
  await page.save();
  await page.save();
  assert.equal(page.requests.length, 1);
  tell(HERE);
  await settle();
  assert.equal(page.sent.length, 1);
});

test("each save asks anew", async () => {
  const page = await open();
  await page.save();
  page.fire("pageshow", page.window, { persisted: true });
  await page.save();
  assert.equal(page.requests.length, 2);
});

test("a preview is no save: nothing is asked, and the words stay unsaved", async () => {
  const page = await open();
  await page.save("_preview");
  assert.equal(page.requests.length, 0);
  assert.deepEqual(page.sent.map(({ button }) => button.name), ["_preview"]);
  assert.equal(page.autosave.submitted, false);
});

test("a form that another script has stopped is not sent", async () => {
  const page = await open();
  page.window.document.addEventListener("submit", (event) => event.preventDefault(), true);
  await page.save();
  assert.equal(page.requests.length, 0);
  assert.equal(page.sent.length, 0);
});

// When the form cannot be sent

const refused = async (answer) => {
  const page = await open({ answer: (request) => page.next(request) });
  page.next = answer;
  page.type(page.field("note"), "Not to be lost");
  await page.save();
  assert.equal(page.sent.length, 0);
  assert.equal(page.copy().fields.note, "Not to be lost");
  return page;
};

for (const [what, answer] of [
  ["the login page", LOGIN_PAGE], ["a page that names nobody", {}], ["another page", { ...HERE, redirected: true }],
]) {
  test(`after a login that expired (${what} answers) the form stays, with a link to sign in`, async () => {
    const page = await refused(() => answer);
    assert.match(page.notice(), /^You are signed out\. Your words are kept in this browser\./);
    const link = page.find(".signed-out a");
    assert.deepEqual([link.getAttribute("href"), link.target], [DATA.login, "_blank"]);
  });
}

test("signed in again, the form is sent with the new token and the notice goes", async () => {
  const page = await refused(() => LOGIN_PAGE);
  page.next = () => HERE;
  page.document.cookie = "csrftoken=of the new login";
  await page.save();
  assert.equal(page.sent.length, 1);
  assert.equal(page.notice(), null);
  assert.equal(page.line(), "Signed in again. You can save.");
  assert.equal(page.field("csrfmiddlewaretoken").value, "of the new login");
});

test("signed out twice, one notice stands", async () => {
  const page = await refused(() => LOGIN_PAGE);
  await page.save();
  assert.equal(page.all(".signed-out").length, 1);
});

test("a form is not sent in somebody else's name", async () => {
  const page = await refused(() => ({ headers: { "x-signed-in": "6" } }));
  assert.match(page.line(), /^Somebody else is signed in in this browser now\. Nothing was saved/);
});

test("a save without a network is done when it is back, and not twice", async () => {
  const page = await open({ answer: (request) => page.next(request) });
  Object.defineProperty(page.window.navigator, "onLine", { value: false, configurable: true });
  page.next = () => null;
  page.type(page.field("note"), "Not to be lost");
  page.find("[name=_save], button, input[type=submit]").name = "_save";
  await page.save();
  assert.match(page.line(), /Your words are kept in this browser, and are saved when you are back online/);
  assert.equal(page.sent.length, 0);
  page.next = () => HERE;
  page.window.dispatchEvent(new page.window.Event("online"));
  await settle();
  assert.equal(page.sent.length, 1);
  assert.equal(page.sent[0].button.name, "_save");
});

test("a desk out of reach is said, and asked again when somebody comes back to the page", async () => {
  const page = await refused(() => null);
  assert.match(page.line(), /^The desk cannot be reached just now\. Your words are kept in this browser/);
  page.next = () => HERE;
  page.show("visible");
  await settle();
  assert.equal(page.requests.length, 2);
  assert.equal(page.line(), "The desk is there again. You can save.");
  assert.equal(page.sent.length, 0);
  page.show("visible");
  assert.equal(page.requests.length, 2);
  await page.save();
  assert.equal(page.sent.length, 1);
});

test("a page that is well asks nothing when somebody comes back to it", async () => {
  const page = await open();
  page.show("hidden");
  page.show("visible");
  assert.equal(page.requests.length, 0);
});

// Leaving the page

test("the browser asks before words that are not saved are left, and not once they are sent", async () => {
  const page = await open();
  page.autosave.warnOnLeaving();
  assert.equal(page.fire("beforeunload").defaultPrevented, false);
  page.type(page.field("note"), "Typed");
  assert.equal(page.fire("beforeunload").defaultPrevented, true);
  await page.save();
  assert.equal(page.fire("beforeunload").defaultPrevented, false);
});
