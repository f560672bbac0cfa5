import assert from "node:assert/strict";
import test from "node:test";

import { editorField, escape, Page, replaceWords, server, settle } from "./page.mjs";

const ADDRESS = "https://news.example/admin/stories/article/3/change/";
const KEY = "desk-kept-5-/admin/stories/article/3/change/";
const SAID = "the wall is safe";
const BODY = `<p>She said: “${SAID}”.</p><p>The meeting ended.</p>`;
const CLAIMS = [
  { id: 1, parts: [[11, 27, SAID]], guarded: true },
  { id: 2, parts: [[35, 48, "meeting ended"]], guarded: false },
  { id: 3, adrift: true, parts: [[0, 3, "x"]] },
];
const WELL = { json: { others: [], mark: "", kept: "2031-05-06T10:00:00Z" } };
const MATCH = {
  claim: 8, start: 11, end: 27, words: SAID, pieces: [["same", "the"], ["removed", "harbour"], ["added", "wall"]],
  speaker: "Otis Corran", said: "6 May", rating: "mostly_false", verdict: "Mostly false", why: "Nearly the same.",
  address: "/claim/8/",
};

const LABEL = "Make a claim of the selected words";
const json = (id, value) => `<script type="application/json" id="${id}">${JSON.stringify(value)}</script>`;
const card = ({ id }) => `<li class="beside-claim" data-appearance="${id}">
  <button type="button" class="beside-show" hidden>Show</button><p class="beside-changed" hidden></p></li>`;
const FIELDS = ["new_person", "namesake", "speaker_label", "attribution", "outlet", "kind"];
const ROW = (number) => `<textarea name="appearances-${number}-words"></textarea>
  ${FIELDS.map((name) => `<input name="appearances-${number}-${name}">`).join("")}
  <select name="appearances-${number}-speaker"><option></option></select>
  <input type="hidden" name="appearances-${number}-which">`;
const form = (body, story) => `<body>${json("story-desk", story)}
  <div id="story-bar"><p id="story-saved"></p><p id="story-others"></p></div>
  <form>${json("kept-form", { id: "copy-1", who: 5, login: "/login/" })}
    <input type="hidden" name="csrfmiddlewaretoken" value="t"><input type="hidden" name="opened" value="mark-1">
    <input id="id_headline" name="headline" value="The wall 🌊">
    <div class="field-body">${editorField("body", body)}</div>
    <div class="inline-group"><p class="add-row"><a href="#">Add</a></p>
      <div class="inline-related empty-form" id="appearances-empty">${ROW("__prefix__")}</div></div>
  </form>
  <section id="on-record" hidden><div id="on-record-list"></div></section>
  <ol class="beside">${story.claims.map(card).join("")}</ol></body>`;
const NOTHING = { json: { matches: [] } };

const open = async ({ body = BODY, claims = CLAIMS, unsaved = null, record = () => NOTHING, who = null } = {}) => {
  const story = {
    story: 3, heartbeat: "/beat/", forget: "/forget/", onRecord: "/on-record/", who: "/who/", people: "/people/",
    unsaved, claims,
  };
  const page = new Page(form(body, story), {
    address: ADDRESS, answer: ({ address }) => answers[address.split("?")[0]](),
  });
  const answers = {
    "/on-record/": () => page.record(), "/beat/": () => page.beat(), "/forget/": () => page.beat(),
    "/who/": () => ({ json: { who } }), "/people/": () => ({ json: { results: [] } }),
  };
  page.record = record;
  page.beat = () => WELL;
  page.find(".add-row a").addEventListener("click", (event) => {
    event.preventDefault();
    page.find(".inline-group").insertAdjacentHTML("beforeend", `<div class="inline-related">${ROW(0)}</div>`);
  });
  page.run("admin/early.js");
  await page.loadEditors();
  await page.load("admin/story.js");
  const [{ editor }] = page.window.deskEditors;
  return Object.assign(page, {
    editor,
    /** What was sent to an address, request by request. */
    asked: (path) => page.requests.filter(({ address }) => address === path).map((request) => JSON.parse(request.body)),
    card: (id) => page.find(`[data-appearance="${id}"].beside-claim`),
    warning: (id) => {
      const line = page.find(`[data-appearance="${id}"] .beside-changed`);
      return line.hidden ? "" : line.textContent;
    },
    /** Select characters of a text that is one paragraph. */
    select: (start, end) => {
      const characters = [...editor.state.doc.textContent];
      const position = (number) => 1 + characters.slice(0, number).join("").length;
      editor.commands.setTextSelection({ from: position(start), to: position(end) });
    },
    type: (words, at = 1) => editor.view.dispatch(editor.state.tr.insertText(words, at, at)),
    /** Make a claim of what is selected, as somebody's of whom the page has no record. */
    claim: async (name) => {
      page.button(LABEL).click();
      const input = page.find(".claim-box input");
      if (!input) return;
      input.value = name;
      input.dispatchEvent(new page.window.Event("input"));
      input.dispatchEvent(new page.window.KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      await page.clock.pass(150);
    },
    button: (label) => page.all("button").find((one) => one.textContent === label),
  });
};

// The headline

test("the headline's characters are counted, a wave as one, and what feeds will cut is said", async () => {
  const page = await open();
  const count = page.find("#headline-count");
  const shown = () => [count.textContent, count.classList.contains("too-long")];
  assert.deepEqual(shown(), ["10 characters", false]);
  const field = page.find("#id_headline");
  const type = (words) => {
    field.value = words;
    page.fire("input", field);
  };
  type("🌊".repeat(110));
  assert.deepEqual(shown(), ["110 characters", false]);
  type("x".repeat(111));
  assert.deepEqual(shown(), ["111 characters: feeds will cut it", true]);
});

// Claims beside the text

test("a claim is shown in the text, and its card is the current one", async () => {
  const page = await open();
  const show = page.card(1).querySelector("button");
  assert.equal(show.hidden, false);
  show.click();
  assert.deepEqual(page.all("[aria-current]"), [page.card(1)]);
  assert.equal(page.warning(1), "");
  const { from, to } = page.editor.state.selection;
  assert.equal(page.editor.state.doc.textBetween(from, to), SAID);
});

test("a claim that is adrift has nothing to show in the text", async () => {
  const page = await open();
  assert.equal(page.card(3).querySelector("button").hidden, true);
});

test("the card of the claim under the cursor is the current one, and none where no claim is", async () => {
  const page = await open();
  page.editor.commands.setTextSelection(15);
  assert.deepEqual(page.all("[aria-current]"), [page.card(1)]);
  assert.equal(page.find(".claim-here.chosen").textContent, SAID);
  page.editor.commands.setTextSelection(3);
  assert.deepEqual(page.all("[aria-current]"), []);
});

test("changed words are told beside the claim with what the save will do, and put back they are not", async () => {
  const page = await open();
  replaceWords(page.editor, "is safe", "is not safe");
  await page.clock.pass(299);
  assert.equal(page.warning(1), "", "the text is not walked at each key");
  await page.clock.pass(1);
  assert.equal(page.warning(1), "Words changed: the save will ask why.");
  assert.equal(page.warning(2), "");
  replaceWords(page.editor, "meeting ended", "meeting has ended");
  await page.clock.pass(300);
  assert.equal(page.warning(2), "Words changed: the claim will lose them.");
  replaceWords(page.editor, "not ", "");
  replaceWords(page.editor, "has ", "");
  await page.clock.pass(300);
  assert.deepEqual([page.warning(1), page.warning(2)], ["", ""]);
});

test("words that are gone are told, and cannot be shown", async () => {
  const page = await open();
  page.editor.commands.setContent("<p>Nothing of it</p>", { emitUpdate: true });
  await page.clock.pass(300);
  assert.equal(page.warning(1), "These words are no longer in the text.");
});

// A claim made of a selection

for (const { text, words, places } of server().repeated) {
  places.forEach(([start, end], number) => {
    test(`the place of selected words is the server's: ${words}, number ${number}`, async () => {
      const page = await open({ body: `<p>${escape(text)}</p>`, claims: [] });
      page.select(start, end);
      await page.claim("a source");
      assert.equal(page.find("[name=appearances-0-which]").value, String(number));
    });
  });
}

test("the button waits until something is selected", async () => {
  const page = await open();
  assert.equal(page.button(LABEL).disabled, true);
  page.select(2, 5);
  assert.equal(page.button(LABEL).disabled, false);
  page.editor.commands.setTextSelection(1);
  assert.equal(page.button(LABEL).disabled, true);
});

test("marks around the selected words are no part of the claim, and one place need not be said", async () => {
  const page = await open();
  page.select(10, 28);
  await page.claim("a source");
  assert.equal(page.find("[name=appearances-0-words]").value, SAID);
  assert.equal(page.find("[name=appearances-0-which]").value, "");
  assert.equal(page.find("[name=appearances-0-speaker_label]").value, "a source");
  assert.match(page.find(".make-claim .help").textContent, /^A claim of a source’s will be made/);
});

test("the place of repeated words is known although marks around them are selected, too", async () => {
  const page = await open({ body: "<p>“We will not pay,” he said. “We will not pay,” she said.</p>", claims: [] });
  page.select(28, 46);
  await page.claim("a source");
  assert.equal(page.find("[name=appearances-0-words]").value, "We will not pay");
  assert.equal(page.find("[name=appearances-0-which]").value, "1");
});

for (const [what, select] of [
  ["two paragraphs", (page) => page.editor.commands.selectAll()], ["marks alone", (page) => page.select(9, 11)],
]) {
  test(`no claim is made of ${what}`, async () => {
    const page = await open();
    select(page);
    await page.claim("a source");
    assert.equal(page.find("[name=appearances-0-words]"), null);
    assert.equal(page.find(".make-claim .help").textContent, "Select words inside one paragraph.");
  });
}

test("whom the copy names is one Enter away, and what is to be made can be left again", async () => {
  const person = { id: 6, name: "Ada Lowther", detail: "12 claims" };
  const page = await open({ who: { person, kind: "partial", outlet: "", attribution: "Ms Lowther", sure: "93%" } });
  page.select(10, 28);
  page.button(LABEL).click();
  await page.clock.pass(0);
  assert.deepEqual(page.asked("/who/").map(({ start, end }) => [start, end]), [[11, 27]]);
  assert.match(page.find(".claim-box-read").textContent, /93% sure/);
  const { Event, KeyboardEvent } = page.window;
  page.find(".claim-box input").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  await page.clock.pass(0);
  const value = (name) => page.find(`[name=appearances-0-${name}]`).value;
  assert.deepEqual(["speaker", "kind", "attribution"].map(value), ["6", "partial", "Ms Lowther"]);
  assert.equal(page.find(".claim-box"), null);
  assert.equal(page.find(".made-here").textContent, SAID);
  page.find(".inline-related:not(.empty-form)").addEventListener("click", (event) => event.target.remove());
  page.find(".claims-to-make button").dispatchEvent(new Event("click"));
  assert.equal(page.find(".made-here"), null);
  assert.equal(page.find("[name=appearances-0-words]"), null);
});

test("Esc leads from the box back to the text", async () => {
  const page = await open();
  page.select(10, 28);
  page.button(LABEL).click();
  await page.clock.pass(0);
  const input = page.find(".claim-box input");
  input.dispatchEvent(new page.window.KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  assert.equal(page.find(".claim-box"), null);
  assert.equal(page.find(".made-here"), null);
});

for (const id of ["story-merge", "story-held"]) {
  test(`what stopped the save is read first: ${id}`, async () => {
    const page = new Page(`<form></form><section id="${id}" tabindex="-1"></section>`);
    page.run("admin/early.js");
    await page.load("admin/story.js");
    assert.equal(page.document.activeElement.id, id);
  });
}

test("a page whose form takes no claims has no button for it", async () => {
  const page = new Page("<form></form>");
  page.run("admin/early.js");
  await page.load("admin/story.js");
  assert.equal(page.all("button").length, 0);
});

// Already on the record

test("the desk is asked 0.9 seconds after the last key what of the text is on record, and shows it", async () => {
  const page = await open({ record: () => ({ json: { matches: [MATCH] } }) });
  await page.clock.pass(899);
  assert.deepEqual(page.asked("/on-record/"), []);
  await page.clock.pass(1);
  assert.deepEqual(page.asked("/on-record/"), [{ text: `She said: “${SAID}”.\n\nThe meeting ended.`, story: 3 }]);
  const panel = page.find("#on-record");
  assert.equal(panel.hidden, false);
  assert.equal(panel.querySelector(".word-diff").textContent, "“the harbour wall ”");
  assert.equal(panel.querySelector("ins").textContent, "wall");
  assert.equal(panel.querySelector("del").textContent, "harbour");
  assert.equal(panel.querySelector(".beside-line").textContent, "Otis Corran, 6 May Mostly false");
  assert.ok(panel.querySelector(".badge-rating-mostly-false"));
  assert.equal(panel.querySelector("a").getAttribute("href"), "/claim/8/");
  assert.equal(page.find(".record-here").textContent, SAID);
});

test("the same text is asked for once, another again; with nothing on record the panel goes", async () => {
  const page = await open({ record: () => ({ json: { matches: [MATCH] } }) });
  await page.clock.pass(900);
  page.record = () => NOTHING;
  page.type("x");
  page.editor.commands.undo();
  await page.clock.pass(900);
  assert.equal(page.asked("/on-record/").length, 1);
  page.type("x");
  await page.clock.pass(900);
  assert.equal(page.asked("/on-record/").length, 2);
  assert.equal(page.find("#on-record").hidden, true);
});

test("a question that failed is asked again after the next pause", async () => {
  const page = await open({ record: () => null });
  await page.clock.pass(900);
  page.type("x");
  page.editor.commands.undo();
  await page.clock.pass(900);
  assert.equal(page.asked("/on-record/").length, 2);
});

test("a question that the next one overtakes is stopped", async () => {
  const page = await open({ record: () => new Promise(() => {}) });
  await page.clock.pass(900);
  page.record = () => ({ json: { matches: [MATCH] } });
  page.type("x");
  await page.clock.pass(900);
  assert.equal(page.requests.find(({ address }) => address === "/on-record/").signal.aborted, true);
  assert.equal(page.find("#on-record").hidden, false);
});

// Autosave

test("what is typed into the body is sent to the desk and kept here, and the page says so", async () => {
  const page = await open();
  page.type("Late: ");
  await page.clock.pass(2500);
  const sent = page.asked("/beat/").at(-1);
  assert.match(sent.fields.body, /^<p>Late: She said/);
  assert.match(page.find("#story-saved").textContent, /^Not saved yet; your words are kept \(\d\d:\d\d\)\.$/);
  assert.match(page.window.localStorage.getItem(KEY), /Late: /);
});

test("who else has the story open is said, and that it was saved meanwhile is said once", async () => {
  const page = await open();
  page.beat = () => ({ json: { others: [{ name: "Bram", since: "10:04" }], mark: "mark-2", kept: "" } });
  await page.clock.pass(20_000);
  const others = page.find("#story-others");
  const said = others.firstChild;
  await page.clock.pass(20_000);
  assert.equal(others.firstChild, said, "said again, it would be read out again");
  assert.equal(others.textContent, "Bram has this story open, too (since 10:04).");
  assert.equal(others.classList.contains("others"), true);
  assert.equal(page.all(".kept-offer").length, 1);
  assert.match(page.find(".kept-offer").textContent, /^This story has been saved since you opened it\./);
  page.beat = () => WELL;
  await page.clock.pass(20_000);
  assert.deepEqual([others.textContent, others.classList.contains("others")], ["", false]);
});

test("words put in again stand in the editor, with the claims on them", async () => {
  const fields = { body: `<p>New.</p>${BODY}` };
  const page = await open({ unsaved: { fields, kept: "2031-05-06T10:00:00Z" } });
  page.button("Restore those words").click();
  assert.match(page.editor.getHTML(), /^<p>New\.<\/p>/);
  assert.equal(page.find("[data-appearance='1'].claim-here").textContent, SAID);
});

test("a story begins once, and only with its body", async () => {
  const page = await open();
  assert.equal(page.document.body.dataset.storyReady, "true");
  const [{ editor, textarea }] = page.window.deskEditors;
  const detail = { editor, textarea };
  textarea.dispatchEvent(new page.window.CustomEvent("prose-editor:ready", { detail, bubbles: true }));
  await settle();
  assert.equal(page.asked("/beat/").length, 1);
  assert.equal(page.all(".make-claim").length, 1);
});
