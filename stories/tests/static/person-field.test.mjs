import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const ADA = { id: "4", name: "Ada Lowther", detail: "Harbour Party · 12 claims", text: "…" };
const FORM = `<form>
  <div class="form-row"><label for="id_speaker">Speaker:</label>
  <select id="id_speaker" name="speaker" class="person-select" data-people="/people/" data-may-add=""
    data-new="id_new_person" data-namesake="id_namesake" data-label="id_speaker_label"><option value=""></option>
    <option value="9" selected data-detail="Mill Party · 1 claim">Tove Hollin</option></select></div>
  <input type="hidden" id="id_new_person" name="new_person"><input type="hidden" id="id_namesake" name="namesake">
  <div class="form-row" id="label-row"><input id="id_speaker_label" name="speaker_label"></div>
  <div class="form-row"><label for="id_about">About:</label>
  <select id="id_about" name="about" class="person-select" multiple data-people="/people/">
    <option value="9" selected>Tove Hollin</option></select></div>
</form>`;

const open = async (results = [ADA]) => {
  const page = new Page(FORM, { answer: () => ({ json: { results } }) });
  const { drawPersonFields } = await page.load("admin/person-field.js");
  drawPersonFields(page.window.document);
  const [who, about] = page.all("[role=combobox]");
  const fire = (input, kind, more = {}) => input.dispatchEvent(new page.window.Event(kind, { bubbles: true, ...more }));
  return Object.assign(page, {
    who, about, fire,
    async choose(input, words) {
      input.value = words;
      fire(input, "input");
      await page.clock.pass(150);
      input.dispatchEvent(new page.window.KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      await page.clock.pass(0);
    },
    values: () => Object.fromEntries([...new page.window.FormData(page.find("form"))]),
    send: () => page.find("form").dispatchEvent(new page.window.Event("submit", { bubbles: true, cancelable: true })),
  });
};

test("the box shows who is chosen, and takes another in their place", async () => {
  const page = await open();
  assert.equal(page.who.value, "Tove Hollin");
  assert.equal(page.find("label").htmlFor, page.who.id);
  assert.equal(page.find(".person-note").textContent, "Mill Party · 1 claim");
  assert.equal(page.find("#label-row").hidden, true);
  await page.choose(page.who, "ada");
  assert.equal(page.values().speaker, "4");
  assert.equal(page.who.value, "Ada Lowther");
});

test("somebody new and a label go into their own fields", async () => {
  const page = await open([]);
  await page.choose(page.who, "Greta Orrin");
  assert.deepEqual([page.values().speaker ?? "", page.values().new_person], ["", "Greta Orrin"]);
  await page.choose(page.who, "a party source");
  assert.deepEqual([page.values().new_person, page.values().speaker_label], ["", "a party source"]);
  assert.match(page.find(".person-note").textContent, /only as a label/);
});

test("words that choose nobody stay, and the form is not sent with them", async () => {
  const page = await open([ADA]);
  page.who.value = "ada";
  page.fire(page.who, "input");
  await page.clock.pass(150);
  page.fire(page.who, "blur");
  await page.clock.pass(0);
  assert.equal(page.who.value, "ada");
  assert.match(page.find(".person-note").textContent, /Nobody is chosen yet/);
  page.send();
  assert.equal(page.sent.length, 0);
  page.who.value = "";
  page.fire(page.who, "input");
  assert.equal(page.values().speaker ?? "", "");
  page.send();
  assert.equal(page.sent.length, 1);
});

test("whoever bears the very name that was typed is chosen when the box is left", async () => {
  const page = await open([ADA]);
  page.who.value = "ada lowther";
  page.fire(page.who, "input");
  await page.clock.pass(150);
  page.fire(page.who, "blur");
  await page.clock.pass(0);
  assert.equal(page.values().speaker, "4");
});

test("of several people each stands with a button that takes them off", async () => {
  const page = await open();
  await page.choose(page.about, "ada");
  const names = () => page.all(".person-chips .person-name").map(({ textContent }) => textContent);
  assert.deepEqual(names(), ["Tove Hollin", "Ada Lowther"]);
  assert.equal(page.about.value, "");
  page.all(".chip-off")[0].click();
  assert.deepEqual(names(), ["Ada Lowther"]);
  assert.deepEqual(new page.window.FormData(page.find("form")).getAll("about"), ["4"]);
});

test("a row that was added to the form has fields of its own beside the box", async () => {
  const row = (n) => `<select name="claims-2-${n}-speaker" class="person-select" data-people="/people/" data-may-add=""
    data-new="id_claims-2-__prefix__-new_person"></select><input id="id_claims-2-${n}-new_person">`;
  const page = new Page(`<form>${row(0)}${row(1)}</form>`, { answer: () => ({ json: { results: [] } }) });
  const { drawPersonFields } = await page.load("admin/person-field.js");
  drawPersonFields(page.window.document);
  const [, second] = page.all("[role=combobox]");
  second.value = "Greta Orrin";
  second.dispatchEvent(new page.window.Event("input", { bubbles: true }));
  await page.clock.pass(150);
  second.dispatchEvent(new page.window.KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await page.clock.pass(0);
  assert.equal(page.find("#id_claims-2-0-new_person").value, "");
  assert.equal(page.find("#id_claims-2-1-new_person").value, "Greta Orrin");
});

test("the best known topic is taken first, and a new one only by its own line", async () => {
  const TOPICS = `<form><label for="id_tags">Topics:</label><select id="id_tags" name="tags" multiple
    class="person-select" data-topics="" data-people="/names/"><option selected>Harbours</option></select></form>`;
  const known = ["Labour", "Élections"];
  const answer = ({ address }) => {
    const term = new URLSearchParams(address.split("?")[1]).get("term").toLowerCase();
    const fold = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    return { json: { results: known.filter((name) => fold(name).includes(term)).map((text) => ({ id: text, text })) } };
  };
  const page = new Page(TOPICS, { answer });
  const { drawPersonFields } = await page.load("admin/person-field.js");
  drawPersonFields(page.window.document);
  const box = page.find("[role=combobox]");
  const key = (name) => box.dispatchEvent(
    new page.window.KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  const type = async (words) => {
    box.value = words;
    box.dispatchEvent(new page.window.Event("input", { bubbles: true }));
    await page.clock.pass(150);
    return page.all("[role=option] .person-name").map(({ textContent }) => textContent);
  };
  const chosen = () => new page.window.FormData(page.find("form")).getAll("tags");
  assert.deepEqual(await type("lab"), ["Labour", "New topic: lab"]);
  key("Enter");
  await page.clock.pass(0);
  assert.deepEqual(await type("elections"), ["Élections"]);
  key(",");
  await page.clock.pass(0);
  assert.deepEqual(chosen(), ["Harbours", "Labour", "Élections"]);
  await type("lab");
  key("ArrowDown");
  key("Enter");
  await page.clock.pass(0);
  await type("docks; quays");
  key("Enter");
  await page.clock.pass(0);
  assert.deepEqual(chosen(), ["Harbours", "Labour", "Élections", "lab", "docks", "quays"]);
});
