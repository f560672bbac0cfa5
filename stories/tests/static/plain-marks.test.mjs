import assert from "node:assert/strict";
import test from "node:test";

import { Page, server } from "./page.mjs";

const load = () => new Page("").load("admin/plain-marks.js");

test("every character becomes the plain one that the server makes of it", async () => {
  const { plainMarks } = await load();
  const { marks } = server();
  assert.ok(Object.keys(marks).length > 20);
  const wrong = [];
  for (let code = 0; code < 0x11_0000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const mark = String.fromCodePoint(code);
    if (plainMarks(mark) !== (marks[mark] ?? mark)) wrong.push(code.toString(16));
  }
  assert.deepEqual(wrong, []);
});

test("a text keeps its length, so that a place in it stays the same place", async () => {
  const { plainMarks } = await load();
  const text = "„So‟ — ‹no›\u00a0way′s …";
  assert.equal(plainMarks(text), "\"So\" - 'no' way's …");
  assert.equal(plainMarks(text).length, text.length);
});

for (const [around, alone] of [
  ["“We will not pay,”", "We will not pay"],
  [" »Nein!« ", "Nein!"],
  ["'tis so, ", "tis so"],
  ["the mayor’s “own” words", "the mayor’s “own” words"],
  [", with a comma before", ", with a comma before"],
  ["Said.", "Said."],
  ["“ ”", ""],
]) {
  test(`around words, marks and spaces go: ${around}`, async () => {
    const { OUTER } = await load();
    assert.equal(around.replace(OUTER, ""), alone);
  });
}
