import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const open = () => {
  const page = new Page(`<body><span data-focus><img src="a.png" alt="" width="200" height="100"></span>
    <input id="id_focus_x" type="number" value="0.5"><input id="id_focus_y" type="number" value="0.5"></body>`);
  page.run("admin/focus.js");
  const { document, Event } = page.window;
  document.dispatchEvent(new Event("DOMContentLoaded"));
  const value = (id) => document.getElementById(id).value;
  return { window: page.window, document, at: () => [value("id_focus_x"), value("id_focus_y")] };
};

test("a click on the picture says what matters in it", () => {
  const { window, document, at } = open();
  const image = document.querySelector("img");
  image.getBoundingClientRect = () => ({ left: 10, top: 20, width: 200, height: 100 });
  image.dispatchEvent(new window.MouseEvent("click", { clientX: 60, clientY: 95, bubbles: true }));
  assert.deepEqual(at(), ["0.25", "0.75"]);
  assert.equal(document.querySelector(".focus-ring").style.left, "25%");
});

test("arrow keys move the ring, with Shift ten steps, and never out of the picture", () => {
  const { window, document, at } = open();
  const ring = document.querySelector(".focus-ring");
  const press = (key, shiftKey = false) =>
    ring.dispatchEvent(new window.KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
  press("ArrowLeft");
  press("ArrowDown", true);
  assert.deepEqual(at(), ["0.49", "0.6"]);
  for (let times = 0; times < 6; times += 1) press("ArrowDown", true);
  assert.equal(at()[1], "1");
});

test("the ring follows the numbers that are typed", () => {
  const { window, document } = open();
  const input = document.getElementById("id_focus_y");
  input.value = "0.1";
  input.dispatchEvent(new window.Event("input", { bubbles: true }));
  assert.equal(document.querySelector(".focus-ring").style.top, "10%");
});
