/* The front page's screen without loading it anew: a step is posted, and what came of it is put in. Stories can be
   dragged, and are searched for while one types. Without this script every button loads the page. */

const PAUSE = 250; // milliseconds after the last key
const PARTS = ["front-said", "front-places", "front-found"];

const form = document.getElementById("front-page");
const part = (name, page = document) => page.getElementById(name);
let asked = 0;

/* Django's script gives the fields of a date their calendar once, when the page has loaded. */
const addCalendars = () => {
  const shortcuts = window.DateTimeShortcuts;
  if (!shortcuts) return;
  for (const input of part("front-places").querySelectorAll(".vDateField")) shortcuts.addCalendar(input);
  for (const input of part("front-places").querySelectorAll(".vTimeField")) shortcuts.addClock(input);
};

/* Where the keyboard was: on a button of a story, which may stand elsewhere now. */
const focusAgain = (value, story) => {
  const verb = value.split("-")[0];
  const line = story && form.querySelector(`[data-story="${story}"]`);
  const button = line && (line.querySelector(`[value^="${verb}-"]:enabled`) ?? line.querySelector("button:enabled"));
  (button ?? part("id_words")).focus();
};

const step = async (value, story = null) => {
  asked += 1;
  const mine = asked;
  const data = new FormData(form);
  data.set("do", value);
  let page = null;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    // as when the page has none of the parts
  }
  if (mine !== asked) return;
  if (!page?.getElementById("front-places")) {
    part("front-said").textContent = "The desk did not answer, and nothing was changed. Try it again.";
    return;
  }
  const searched = value === "search";
  for (const name of searched ? ["front-found"] : PARTS) part(name).replaceWith(part(name, page));
  if (searched) return;
  addCalendars();
  focusAgain(value, story);
};

form.addEventListener("submit", (event) => {
  const value = event.submitter?.value ?? "search";
  if (value === "save") {
    delete part("front-places").dataset.changed;
    return;
  }
  event.preventDefault();
  step(value, event.submitter?.closest("[data-story]")?.dataset.story ?? value.match(/^(?:add|lead)-(\d+)$/)?.[1]);
});

// Searching

let waiting = null;
part("id_words").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => step("search"), PAUSE);
});

// Dragging

let dragged = null;
const lineOf = (event) => event.target.closest?.(".front-place");
form.addEventListener("dragstart", (event) => {
  dragged = lineOf(event);
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
form.addEventListener("dragover", (event) => {
  const line = lineOf(event);
  for (const one of form.querySelectorAll(".front-over")) one.classList.remove("front-over");
  if (!dragged || !line) return;
  event.preventDefault();
  line.classList.add("front-over");
});
form.addEventListener("drop", (event) => {
  const line = lineOf(event);
  if (!dragged || !line) return;
  event.preventDefault();
  step(`move-${dragged.dataset.place}-${line.dataset.place}`, dragged.dataset.story);
});
form.addEventListener("dragend", () => {
  dragged = null;
  for (const one of form.querySelectorAll(".front-over")) one.classList.remove("front-over");
});

window.addEventListener("beforeunload", (event) => {
  if (part("front-places").dataset.changed !== undefined) event.preventDefault();
});
document.body.dataset.formReady = "true";
