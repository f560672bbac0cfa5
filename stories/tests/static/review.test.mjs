import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const decision = (verb, content, claim) => `<form action="/decide/" data-verb="${verb}">
  <input type="hidden" name="claim" value="${claim}">${content}</form>`;
const card = (claim) => `<article class="review-card" data-claim="${claim}" data-place="place-${claim}">
  <mark>words</mark>
  <a class="review-story" href="/story/">story</a><a data-why href="/why/?review">why</a>
  ${decision("accepted", '<button data-key="a">Accept</button>', claim)}
  ${decision("rejected", '<button data-key="r">Reject</button>', claim)}
  <form action="/review/" data-skip><button data-key="s">Skip</button></form>
  ${decision("reassigned", '<button data-key="1">Bram</button>', claim)}
  ${decision("apart", '<button data-key="n">Not the same</button>', claim)}
  <details data-key-open="p"><summary>p</summary>${decision("reassigned", "<select></select>", claim)}</details>
  <details data-key-open="e"><summary>e</summary>${decision("reworded", `<textarea name="words"></textarea>
    <button name="verb" value="reworded">Change</button>
    <button name="verb" value="split">Split</button>`, claim)}</details>
</article>`;
const QUEUE = (first) => `<input name="csrfmiddlewaretoken" value="token"><strong data-left="2">2</strong>
  <form class="review-undo" action="/undo/" hidden><button>Take back</button><span class="undo-words"></span></form>
  <p class="review-problems" hidden></p>
  <div id="review-item" data-item-url="/item/" data-page-url="/review/">${first}</div>
  <dialog class="why-dialog"><div class="why-said"></div></dialog>`;
const DONE = { json: { problems: [], undo: "Accepted: “words”.", next: "?after=place-1" } };

const BECAUSE = { text: "<p>Because.</p>" };

/** The review page with claim 1 of the claims given; the desk has the others, in this order. */
const open = async ({ claims = [1, 2], decide = () => DONE, undo = () => DONE, why = () => BECAUSE, item } = {}) => {
  const waiting = [...claims];
  const first = waiting.shift();
  const page = new Page(QUEUE(first ? card(first) : "<p>Nothing is left.</p>"), {
    address: "https://news.example/review/",
    answer: ({ address }) => {
      const [, path] = address.match(/(\/\w+\/)(\?|$)/);
      const next = () => (waiting.length ? { text: card(waiting.shift()) } : { status: 204 });
      return { "/item/": item ?? next, "/decide/": () => page.decide(), "/undo/": undo, "/why/": why }[path]();
    },
  });
  page.decide = decide;
  page.selected = [];
  page.window.django = {
    jQuery: () => ({ find: () => ({ djangoAdminSelect2() {} }), select2: (verb) => page.selected.push(verb) }),
  };
  page.run("admin/review.js");
  await settle();
  return Object.assign(page, {
    asked: (path) => page.requests.filter(({ address }) => address.includes(path)).length,
    claim: () => page.find(".review-card")?.dataset.claim ?? null,
    left: () => page.find("[data-left]").textContent,
    problems: () => (page.find(".review-problems").hidden ? null : page.find(".review-problems").textContent),
    decisions: () => page.requests.filter(({ address }) => address.endsWith("/decide/"))
      .map(({ body }) => Object.fromEntries(body.entries())),
    async key(key, options) {
      const left = page.press(key, { on: page.document.activeElement ?? page.document.body, ...options });
      await settle();
      return left;
    },
  });
};

test("the next claim is asked for ahead, and not the one that is shown", async () => {
  const page = await open();
  assert.deepEqual(page.requests.map(({ address }) => address), ["/item/?after=place-1&not=1"]);
  assert.equal(page.claim(), "1");
});

test("the focus is on Accept, and no key needs a field to be left first", async () => {
  const page = await open();
  assert.equal(page.document.activeElement.dataset.key, "a");
});

test("the claim after the next is asked for when the decision before it is kept", async () => {
  let answer;
  const page = await open({ claims: [1, 2, 3], decide: () => new Promise((resolve) => { answer = resolve; }) });
  await page.key("a");
  assert.equal(page.asked("/item/"), 1);
  answer(DONE);
  await settle();
  assert.equal(page.asked("/item/"), 2);
});

test("a decision waits for the next claim that is being asked for: it may change what comes", async () => {
  let answer;
  const page = await open({ item: () => new Promise((resolve) => { answer = resolve; }) });
  for (const key of ["1", "a"]) await page.key(key);
  assert.equal(page.asked("/decide/"), 0);
  answer({ text: card(2) });
  await settle();
  assert.equal(page.asked("/decide/"), 1);
});

for (const item of [() => ({ status: 500, text: "<h1>Server error</h1>" }), () => null]) {
  test(`where the desk gives no next claim (${item()?.status ?? "unreachable"}) the page is opened again`, async () => {
    const page = await open({ item });
    await page.key("s");
    assert.equal(page.claim(), "1");
    assert.deepEqual(page.went, ["/review/"]);
  });
}

for (const [key, verb] of [["a", "accepted"], ["r", "rejected"]]) {
  test(`${key}: the claim is ${verb}, and the next stands there before the desk has answered`, async () => {
    let tell;
    const page = await open({ decide: () => new Promise((resolve) => { tell = resolve; }) });
    assert.equal(await page.key(key), false);
    assert.equal(page.claim(), "2");
    assert.deepEqual(page.decisions(), [{ claim: "1", csrfmiddlewaretoken: "token" }]);
    assert.equal(page.left(), "2");
    tell(DONE);
    await settle();
    assert.equal(page.left(), "1");
    assert.equal(page.find(".undo-words").textContent, "Accepted: “words”.");
    assert.equal(page.find(".review-undo").hidden, false);
  });
}

test("1: another candidate is chosen, and the next claim comes when the desk has agreed", async () => {
  let tell;
  const page = await open({ decide: () => new Promise((resolve) => { tell = resolve; }) });
  await page.key("1");
  assert.equal(page.claim(), "1");
  tell(DONE);
  await settle();
  assert.deepEqual([page.claim(), page.left()], ["2", "1"]);
});

test("s: the claim is passed over and nothing decided", async () => {
  const page = await open();
  await page.key("s");
  assert.deepEqual([page.claim(), page.left(), page.decisions().length], ["2", "2", 0]);
});

test("a second key pressed at once decides nothing about the claim that comes next", async () => {
  const page = await open();
  page.press("a");
  page.press("a");
  page.press("s");
  await settle();
  assert.deepEqual(page.decisions().map(({ claim }) => claim), ["1"]);
  assert.equal(page.claim(), "2");
  await page.key("r");
  assert.deepEqual(page.decisions().map(({ claim }) => claim), ["1", "2"]);
});

test("after the last claim the page is opened again, when its decision is kept", async () => {
  let tell;
  const page = await open({ claims: [1], decide: () => new Promise((resolve) => { tell = resolve; }) });
  await page.key("a");
  assert.deepEqual(page.went, []);
  tell(DONE);
  await settle();
  assert.deepEqual(page.went, ["/review/"]);
});

test("a decision that the desk refuses is said, and the claim not counted as decided", async () => {
  const refusal = { json: { problems: ["It has been decided.", "By Bram."], undo: "", next: "" } };
  const page = await open({ decide: () => refusal });
  await page.key("a");
  assert.equal(page.problems(), "It has been decided. By Bram.");
  assert.equal(page.claim(), "1", "its own card is back");
  assert.equal(page.left(), "2");
  assert.equal(page.find(".review-undo").hidden, true);
  page.decide = () => DONE;
  await page.key("a");
  assert.equal(page.problems(), null);
});

test("a desk that does not answer is said, and nothing counted", async () => {
  const page = await open({ decide: () => null });
  await page.key("1");
  assert.match(page.problems(), /^The desk did not answer, and this decision was not kept/);
  assert.deepEqual([page.claim(), page.left()], ["1", "2"]);
  page.decide = () => DONE;
  await page.key("1");
  assert.equal(page.claim(), "2");
});

for (const verb of ["reworded", "split"]) {
  test(`a claim that is ${verb} is shown again as it is now`, async () => {
    const page = await open();
    page.find(`button[value=${verb}]`).click();
    await settle();
    assert.deepEqual(page.decisions().map((sent) => sent.verb), [verb]);
    assert.deepEqual(page.went, ["/review/?after=place-1"]);
  });
}

test("n: two claims are left apart, and the claim is shown again", async () => {
  const page = await open();
  await page.key("n");
  assert.deepEqual(page.decisions().map((sent) => sent.claim), ["1"]);
  assert.deepEqual(page.went, ["/review/?after=place-1"]);
});

test("u: the last decision is taken back, when there is one", async () => {
  const page = await open();
  await page.key("u");
  assert.equal(page.asked("/undo/"), 0);
  await page.key("a");
  await page.key("u");
  assert.deepEqual(page.went, ["/review/?after=place-1"]);
});

test("a decision that can no longer be taken back is said", async () => {
  const page = await open({ undo: () => ({ json: { problems: ["Too late."], undo: "", next: "" } }) });
  await page.key("a");
  await page.key("u");
  assert.equal(page.problems(), "Too late.");
  assert.deepEqual(page.went, []);
});

test("p and e: open what they are for, and put the cursor there", async () => {
  const page = await open();
  await page.key("p");
  assert.equal(page.find("[data-key-open=p]").open, true);
  assert.deepEqual(page.selected, ["open"]);
  await page.key("e");
  assert.equal(page.find("[data-key-open=e]").open, true);
  assert.equal(page.document.activeElement, page.find("textarea"));
});

test("in a field keys are letters; Escape leaves the field and closes what it stood in", async () => {
  const page = await open();
  await page.key("e");
  assert.equal(await page.key("a"), true);
  assert.equal(page.claim(), "1");
  await page.key("Escape");
  assert.equal(page.find("[data-key-open=e]").open, false);
  assert.equal(page.document.activeElement, page.document.body);
  await page.key("a");
  assert.equal(page.claim(), "2");
});

test("keys with Ctrl, Alt or the command key are the browser's", async () => {
  const page = await open();
  for (const name of ["ctrlKey", "metaKey", "altKey"]) assert.equal(await page.key("a", { [name]: true }), true);
  assert.equal(page.claim(), "1");
});

test("o: opens the story", async () => {
  const page = await open();
  const clicked = [];
  page.find(".review-story").addEventListener("click", (event) => {
    event.preventDefault();
    clicked.push("story");
  });
  await page.key("o");
  assert.deepEqual(clicked, ["story"]);
});

test("w: says why this speaker in a box, under which nothing is decided; w closes it", async () => {
  const page = await open();
  await page.key("w");
  const box = page.find("dialog");
  assert.equal(box.open, true);
  assert.equal(page.find(".why-said").innerHTML, "<p>Because.</p>");
  assert.equal(page.requests.at(-1).address, "https://news.example/why/?review&bare");
  await page.key("a");
  assert.equal(page.claim(), "1");
  await page.key("w");
  assert.equal(box.open, false);
});

for (const [what, answer] of [
  ["cannot be reached", null], ["refuses", { status: 403 }], ["asks for a login", { redirected: true }],
]) {
  test(`why this speaker is a page of its own where the desk ${what}`, async () => {
    const page = await open({ why: () => answer });
    await page.key("w");
    assert.equal(page.find("dialog").open, false);
    assert.deepEqual(page.went, ["https://news.example/why/?review"]);
  });
}

test("an empty queue takes no key and asks for nothing", async () => {
  const page = await open({ claims: [] });
  for (const key of ["a", "o", "p", "w"]) await page.key(key);
  assert.equal(page.requests.length, 0);
});
