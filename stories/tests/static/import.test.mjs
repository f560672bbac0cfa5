import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const STEPS = (reading = "") => `<p data-before>Nothing has changed yet.</p>
  <form method="post" action="/admin/import/run/" data-steps ${reading}>
    <input name="csrfmiddlewaretoken" value="t"><button>Import</button></form>
  <div class="import-progress" hidden><progress max="2" value="0"></progress><p role="status"></p></div>`;
const UPLOAD = `<form data-upload><input type="file" multiple data-most="2"><p role="alert" hidden></p>
  <button>See</button><span role="status"></span></form>`;

const open = (html, answers = []) => {
  const address = "https://news.example/admin/import/abc/?page=1";
  const page = new Page(html, { address, answer: () => answers.shift() });
  page.run("admin/import.js");
  page.status = () => page.find(".import-progress [role=status]").textContent;
  page.start = async () => {
    page.find("form").requestSubmit();
    await settle();
  };
  return page;
};
const step = (done, file) => ({ json: { done, of: 2, file } });

test("copy is imported file by file with the progress shown, and the page is opened again at the end", async () => {
  let tell;
  const page = open(STEPS(), [step(1, "one.txt"), new Promise((resolve) => { tell = resolve; })]);
  await page.start();
  assert.equal(page.sent.length, 0);
  assert.deepEqual([page.find("form").hidden, page.find(".import-progress").hidden], [true, false]);
  assert.equal(page.find("[data-before]"), null);
  assert.deepEqual([page.find("progress").value, page.status()], [1, "1 of 2: one.txt"]);
  assert.deepEqual(page.went, []);
  tell(step(2, "two.txt"));
  await settle();
  assert.equal(page.status(), "2 of 2: two.txt");
  assert.deepEqual(page.went, ["/admin/import/abc/"]);
  assert.equal(page.requests.length, 2);
  const [{ address, method, headers, body }] = page.requests;
  assert.deepEqual([address, method], ["https://news.example/admin/import/run/", "POST"]);
  assert.equal(headers.Accept, "application/json");
  assert.deepEqual([...body.entries()], [["csrfmiddlewaretoken", "t"]]);
});

test("copy that waits to be read is read at once, copy that waits to be imported is not", async () => {
  const reading = open(STEPS("data-reading"), [step(2, "two.txt")]);
  await settle();
  assert.deepEqual(reading.went, ["/admin/import/abc/"]);
  const waiting = open(STEPS());
  await settle();
  assert.equal(waiting.requests.length, 0);
});

for (const [what, answer, reason] of [
  ["says why", { json: { problem: "The import was taken back." } }, "The import was taken back."],
  ["cannot be reached", null, "The desk did not answer."],
  ["answers with a page", { text: "<html>" }, "The desk did not answer."],
]) {
  test(`an import that a desk stops which ${what} can be gone on with`, async () => {
    const answers = [step(1, "one.txt"), answer];
    const page = open(STEPS(), answers);
    await page.start();
    assert.equal(page.status(), `Stopped after 1 of 2. ${reason}`);
    const button = page.find("form button");
    assert.deepEqual([page.find("form").hidden, button.textContent], [false, "Go on"]);
    assert.equal(page.document.activeElement, button);
    assert.deepEqual(page.went, []);
    answers.push(step(2, "two.txt"));
    await page.start();
    assert.deepEqual(page.went, ["/admin/import/abc/"]);
  });
}

const choose = (page, many) => {
  const files = Array.from({ length: many }, (_, number) => new page.window.File(["x"], `${number}.txt`));
  Object.defineProperty(page.find("[type=file]"), "files", { value: files, configurable: true });
  page.find("form").requestSubmit();
};

test("more files than are taken at a time are refused before they are sent", () => {
  const page = open(UPLOAD);
  choose(page, 3);
  const alert = page.find("[role=alert]");
  assert.deepEqual([alert.hidden, alert.textContent], [false, "You chose 3 files. Import them 2 at a time."]);
  assert.equal(page.sent.length, 0);
  choose(page, 2);
  assert.equal(alert.hidden, true);
  assert.equal(page.find("[role=status]").textContent, "Reading the files …");
  assert.equal(page.sent.length, 1);
});

test("a form without files is sent for the desk to say so, and nothing is read", () => {
  const page = open(UPLOAD);
  choose(page, 0);
  assert.equal(page.sent.length, 1);
  assert.equal(page.find("[role=status]").textContent, "");
});
