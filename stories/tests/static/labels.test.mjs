import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const open = async (html) => {
  const page = new Page(`<body>${html}</body>`);
  page.run("admin/labels.js"); // before the page is complete, as scripts that are not deferred run
  await settle();
  page.label = (selector) => page.find(selector).getAttribute("aria-label");
  return page;
};
const row = (label, content) => `<div class="form-row"><label>${label}:</label>${content}</div>`;

test("a moment's two fields say which is the day and which the time", async () => {
  const page = await open(row("Published", '<input class="vDateField"><input class="vTimeField">'));
  assert.deepEqual([page.label(".vDateField"), page.label(".vTimeField")], ["Published: date", "Published: time"]);
});

test("a field in a table has its column's name, and a hidden one none", async () => {
  const page = await open(`<div class="tabular"><table><thead><tr><th>Words</th><th>Speaker</th></tr></thead>
    <tr><td><textarea></textarea><input type="hidden"></td><td><select></select></td></tr></table></div>`);
  assert.deepEqual(["textarea", "select", "[type=hidden]"].map(page.label), ["Words", "Speaker", null]);
});

test("a name that is there stays", async () => {
  const page = await open(row("Day", '<input class="vDateField" aria-label="Its own">'));
  assert.equal(page.label("input"), "Its own");
});

test("a box to choose a row says which row", async () => {
  const box = '<input type="checkbox" class="action-select">';
  const page = await open(`<table><tr><td>${box}</td><th> The wall ${"x".repeat(100)}</th></tr></table>`);
  assert.equal(page.label("input"), `Choose The wall ${"x".repeat(71)}`);
});

test("the fields that select2 draws have the name of the list they stand for", async () => {
  const select2 = `<span class="select2-container"><span class="select2-selection"></span>
    <input class="select2-search__field"></span>`;
  const page = await open(row("Speaker", `<select></select>${select2}`));
  assert.deepEqual([page.label(".select2-selection"), page.label(".select2-search__field")], ["Speaker", "Speaker"]);
  const alone = await open('<span class="select2-container"><input class="select2-search__field"></span>');
  assert.equal(alone.label("input"), "Search");
});

test("a text editor has its field's name", async () => {
  const editor = '<div class="prose-editor"><div contenteditable="true"></div><textarea></textarea></div>';
  const page = await open(row("Body", editor));
  assert.equal(page.label("[contenteditable]"), "Body");
  const alone = await open('<div contenteditable="true"></div>');
  assert.equal(alone.label("div"), "Text");
});

test("a group with nothing to tab to can itself be scrolled by keys; any other cannot", async () => {
  const page = await open(`<div class="inline-group" id="read"><h2>Claims</h2>Words</div>
    <div class="inline-group" id="edit"><input></div><div class="inline-group" id="own" tabindex="0"></div>`);
  const read = page.find("#read");
  assert.deepEqual([read.tabIndex, read.getAttribute("role"), page.label("#read")], [0, "region", "Claims"]);
  assert.equal(page.find("#edit").hasAttribute("tabindex"), false);
  assert.equal(page.find("#own").hasAttribute("role"), false);
});

test("in a list a figure and a dash say what they are of, and words do not", async () => {
  const page = await open(`<table id="result_list">
    <thead><tr><th class="column-claims"><div class="text">Claims</div></th>
      <th class="column-name"><div class="text">Name</div></th></tr></thead>
    <tbody><tr><td class="field-claims">7</td><td class="field-name">Ada</td></tr>
    <tr><td class="field-claims">–</td><td class="field-other">8</td></tr></tbody></table>`);
  assert.deepEqual(page.all("td").map((cell) => cell.dataset.label ?? null), ["Claims", null, "Claims", null]);
});

test("a page that is complete already is named at once", async () => {
  const page = new Page(row("Day", '<input class="vDateField">'));
  await settle();
  page.run("admin/labels.js");
  assert.equal(page.find("input").getAttribute("aria-label"), "Day: date");
});

test("a row that is added is named before anything else happens", async () => {
  const page = await open("");
  page.document.body.insertAdjacentHTML("beforeend", row("Day", '<input class="vDateField">'));
  page.fire("formset:added", page.find(".form-row"));
  assert.equal(page.label("input"), "Day: date");
});

test("what is drawn later is named too", async () => {
  const page = await open("");
  page.document.body.insertAdjacentHTML("beforeend", row("Day", '<input class="vDateField">'));
  await settle();
  assert.equal(page.label("input"), "Day: date");
});
