import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const DATA = { site: "On the Record", host: "news.example", drawn: "/card/", picture: "" };
const FORM = `<form><input id="id_headline" name="headline" value="Wall stands"><textarea id="id_standfirst"></textarea>
  <input id="id_slug" value="wall"><input id="id_lead_image_alt" value="A wall"><fieldset><details>
  <div><input id="id_search_title"></div><div class="field-search_description"><textarea id="id_search_description">
  </textarea></div></details></fieldset></form>`;

const open = async (data = {}) => {
  const page = new Page(FORM);
  const script = await page.load("admin/search-card.js");
  const told = [];
  script.searchCard({ ...DATA, ...data }, { getText: () => "He said so.\nIt  was.", on: (_, act) => told.push(act) });
  const text = (name) => page.find(`.${name}`).textContent;
  page.find("details").open = true;
  page.find("details").dispatchEvent(new page.window.Event("toggle"));
  await page.clock.pass(500);
  return Object.assign(page, { script, text, image: () => page.find(".card img") });
};

test("what is empty is shown as readers' search engines will have it", async () => {
  const page = await open();
  assert.deepEqual([page.text("result-title"), page.text("result-about")], ["Wall stands", "He said so. It was."]);
  assert.equal(page.text("result-address"), "news.example › stories › wall");
  assert.equal(page.image().getAttribute("src"), "/card/?title=Wall+stands&about=");
  page.type(page.find("#id_search_title"), `Will the ${"wall ".repeat(13)}stand?`);
  page.type(page.find("#id_search_description"), "We asked.");
  assert.match(page.text("headline-count"), /^80 characters: search engines show about 60$/);
  assert.equal(page.text("result-title"), "Wall stands", "nothing is drawn while somebody types");
  await page.clock.pass(500);
  assert.match(page.text("result-title"), /^Will the (wall )+…$/);
  assert.match(page.text("card-title"), /stand\?$/);
  assert.deepEqual([page.text("result-about"), page.text("card-about")], ["We asked.", "We asked."]);
});

test("the card has the story's picture in its crop, and says what it cannot show", async () => {
  const page = await open({ picture: "/media/sized/sixteen-nine/wall.png.webp" });
  assert.equal(page.image().getAttribute("src"), "/media/sized/sixteen-nine/wall.png.webp");
  assert.equal(page.image().alt, "A wall");
});

test("a text is cut at a word's end, and characters are counted as people count them", async () => {
  const { cut, opening, lengthLine } = (await open()).script;
  assert.equal(cut("Will the wall stand", 14), "Will the wall …");
  assert.equal(cut("Will the wall stand", 12), "Will the …");
  assert.equal(cut("🙂🙂🙂", 3), "🙂🙂🙂");
  assert.equal(opening("one two  three", 2), "one two…");
  assert.equal(lengthLine(60, 60), "60 of about 60 characters");
});
