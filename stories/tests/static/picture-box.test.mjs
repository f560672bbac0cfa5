import assert from "node:assert/strict";
import test from "node:test";

import { Page, settle } from "./page.mjs";

const FIELDS = ["alt", "caption", "credit"].map((name) => `<input id="id_lead_image_${name}" value="before">`).join("");
const picture = (id, words = {}) => ({
  id, small: `/media/sized/card/${id}.webp`, address: `/media/${id}.png`, description: `A wall, ${id}`, caption: "",
  credit: "Zoë Marsh", name: "wall.png", warning: "", ...words,
});

const open = async (answer) => {
  const page = new Page(`<body><form><div class="field-picture"></div>
    <input type="hidden" id="id_library_picture">${FIELDS}</form></body>`, { answer });
  const { leadPicture, pictureBox } = await page.load("admin/picture-box.js");
  leadPicture(pictureBox({ choose: "/choose/", upload: "/upload/" }));
  const values = () => ["library_picture", "lead_image_alt", "lead_image_caption", "lead_image_credit"]
    .map((name) => page.find(`#id_${name}`).value);
  page.find(".field-picture button").click();
  await settle();
  return Object.assign(page, { values, tiles: () => [...page.document.querySelectorAll(".picture-tile")] });
};

test("a picture that is chosen brings its words, which can be written over", async () => {
  const page = await open(() => ({ json: { pictures: [picture(4), picture(3)], more: false } }));
  assert.equal(page.find("dialog").open, true);
  page.tiles()[1].click();
  assert.equal(page.find("dialog").open, false);
  assert.deepEqual(page.values(), ["3", "A wall, 3", "", "Zoë Marsh"]);
  assert.equal(page.find(".picture-chosen img").getAttribute("src"), "/media/3.png");
});

test("the library is asked for words after a pause, and for more on demand", async () => {
  const page = await open(({ address }) => ({
    json: { pictures: [picture(address.includes("from=1") ? 1 : 2, { warning: "Past its day." })], more: true },
  }));
  page.find("#picture-box-words").value = "wall";
  page.find("#picture-box-words").dispatchEvent(new page.window.Event("input"));
  await page.clock.pass(400);
  page.find("dialog > button").click();
  await settle();
  assert.deepEqual(page.requests.map(({ address }) => address), [
    "/choose/?q=&from=0", "/choose/?q=wall&from=0", "/choose/?q=wall&from=1",
  ]);
  assert.equal(page.tiles().length, 2);
  assert.equal(page.find(".picture-past-use").textContent, "Past its day.");
});

test("a picture that is sent is chosen, and a refusal is told", async () => {
  let refused = true;
  const page = await open(({ address }) => {
    if (address !== "/upload/") return { json: { pictures: [], more: false } };
    return refused ? { status: 400, json: { error: "This one cannot be read." } } : { json: { picture: picture(9) } };
  });
  assert.equal(page.find(".picture-box-line").textContent, "No picture is found.");
  const file = page.find("#picture-box-file");
  Object.defineProperty(file, "files", { value: [new page.window.File(["x"], "wall.png")] });
  const send = async () => {
    file.dispatchEvent(new page.window.Event("change"));
    await settle();
  };
  await send();
  assert.equal(page.find(".picture-box-line").textContent, "This one cannot be read.");
  refused = false;
  await send();
  assert.equal(page.values()[0], "9");
});
