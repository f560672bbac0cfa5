import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

/* As Django's core.js has them, for the patterns that these tests use. */
const core = (window) => {
  window.eval(`
    Date.prototype.strftime = function (pattern) {
      return pattern === "%H:%M" ? "09:05" : \`\${String(this.getDate()).padStart(2, "0")} November 2014\`;
    };
    String.prototype.strptime = function () { return "Django's own"; };
    window.DateTimeShortcuts = { clockHours: { default_: [["6 a.m.", 6]] } };
  `);
};

const open = () => {
  const page = new Page("<body></body>");
  core(page.window);
  page.run("admin/dates.js");
  return page.window;
};

test("the calendar writes a day without a nought, and the clock its hours with one", () => {
  const window = open();
  assert.equal(window.eval('new Date(2014, 10, 8).strftime("%d %B %Y")'), "8 November 2014");
  assert.equal(window.eval('new Date(2014, 10, 8).strftime("%H:%M")'), "09:05");
  assert.deepEqual([...window.DateTimeShortcuts.clockHours.default_[1]], ["06:00", 6]);
});

test("the calendar opens on the day that stands in the field", () => {
  const window = open();
  const read = (words) => window.eval(`${JSON.stringify(words)}.strptime("%d %B %Y")`).getTime();
  assert.equal(read("8 November 2014"), Date.UTC(2014, 10, 8));
  assert.equal(read(" 18 nov 2014"), Date.UTC(2014, 10, 18));
  assert.ok(Number.isNaN(read("tomorrow")));
  assert.equal(window.eval('"8.11.2014".strptime("%d.%m.%Y")'), "Django's own");
});
