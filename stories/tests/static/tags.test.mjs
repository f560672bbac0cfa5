import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const FORM = `<select id="tags" multiple data-tags="true"><option value="Harbour">Harbour</option></select>
  <span class="select2-container"><input class="select2-search__field" id="search"></span>
  <select id="people" multiple></select>
  <span class="select2-container"><input class="select2-search__field" id="other"></span><input id="plain">`;

const open = () => {
  const page = new Page(FORM);
  page.called = [];
  page.window.django = {
    jQuery: (element) => ({
      trigger: (event) => page.called.push([element.id, event]),
      select2: (verb) => page.called.push([element.id, verb]),
    }),
  };
  page.run("admin/tags.js");
  page.chosen = () => [...page.find("#tags").selectedOptions].map((option) => option.value);
  page.enter = (words, id = "search") => {
    page.type(page.find(`#${id}`), words);
    return page.press("Enter", { on: page.find(`#${id}`) });
  };
  return page;
};

test("Enter takes what was typed as a new tag, its spaces made one", () => {
  const page = open();
  assert.equal(page.enter("  Sea   wall "), false);
  assert.deepEqual(page.chosen(), ["Sea wall"]);
  assert.equal(page.find("#search").value, "");
  assert.deepEqual(page.called, [["tags", "change"], ["tags", "close"]]);
});

test("select2 does not hear of the Enter that was taken", () => {
  const page = open();
  const heard = [];
  page.document.addEventListener("keydown", (event) => heard.push(event.target.id), true);
  page.enter("Sea wall");
  page.enter("Ada", "other");
  assert.deepEqual(heard, ["other"]);
});

test("Enter takes a tag that is there already whatever its capitals", () => {
  const page = open();
  page.enter("harbour");
  assert.deepEqual(page.chosen(), ["Harbour"]);
  assert.equal(page.find("#tags").options.length, 1);
});

test("Enter without words is left to the list", () => {
  const page = open();
  assert.equal(page.enter("  "), true);
  assert.deepEqual(page.chosen(), []);
});

for (const key of ["ArrowDown", "ArrowUp"]) {
  test(`after ${key} Enter takes what is marked in the list, until something is typed again`, () => {
    const page = open();
    const search = page.find("#search");
    page.type(search, "Harb");
    page.press(key, { on: search });
    assert.equal(page.press("Enter", { on: search }), true);
    assert.deepEqual(page.chosen(), []);
    page.enter("Harbo");
    assert.deepEqual(page.chosen(), ["Harbo"]);
  });
}

test("other keys and other fields are left alone", () => {
  const page = open();
  page.find("#search").value = "Words";
  assert.equal(page.press("a", { on: page.find("#search") }), true);
  assert.equal(page.enter("Words", "other"), true);
  assert.equal(page.enter("Words", "plain"), true);
  assert.deepEqual(page.called, []);
});
