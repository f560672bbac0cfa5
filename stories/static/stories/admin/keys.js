/* The keyboard on forms of the desk: Ctrl+S saves, ? shows the keys, and a toolbar is one stop of Tab with arrow keys
   within it. Without it every button is its own stop, and Save is pressed. */

import { make } from "./autosave.js";

const KEYS = [
  ["Ctrl S", "save, and stay on this page"],
  ["Ctrl Enter", "after a reason or a note: do what was asked"],
  ["?", "show these keys; outside a field"],
  ["Tab", "to the next field; a toolbar is one stop"],
  ["← →", "along the toolbar"],
  ["Ctrl B, Ctrl I", "bold, italic"],
  ["Ctrl K", "link: a story found by its words, or an address"],
  ["Ctrl Z, Ctrl Shift Z", "undo, redo"],
];

// Saving

const save = (event, form) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return;
  const button = form.querySelector("[name=_continue]") ?? form.querySelector("[name=_save]");
  if (!button) return;
  event.preventDefault();
  if (!event.repeat) button.click();
};

// Ctrl+Enter answers a question where a reason or a note has just been typed.
const answer = (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
  const button = event.target.closest(".desk-confirm textarea")?.form.querySelector(".submit-row .default");
  if (!button) return;
  event.preventDefault();
  button.click();
};

// The list of keys

const list = () => make("dl", {}, ...KEYS.map(([keys, words]) =>
  make("div", {}, make("dt", {}, ...keys.split(", ").flatMap((key, n) => [n ? ", " : "", make("kbd", {}, key)])),
    make("dd", {}, words))));

const dialog = () => {
  const close = make("button", { type: "button", class: "button desk-button" }, "Close");
  const made = make("dialog", { class: "desk-keys", "aria-labelledby": "desk-keys-heading" },
    make("h2", { id: "desk-keys-heading" }, "Keys"), list(), close);
  close.addEventListener("click", () => made.close());
  document.body.append(made);
  return made;
};

const isTyping = (element) => Boolean(element?.closest("input, textarea, select, [contenteditable=true]"));

const keysOf = (form) => {
  let shown = null;
  const show = () => {
    shown ??= dialog();
    shown.showModal();
  };
  document.addEventListener("keydown", (event) => {
    save(event, form);
    if (event.key !== "?" || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
    event.preventDefault();
    show();
  });
  const button = make("button", { type: "button", class: "link-button keys-button" }, "Keys ", make("kbd", {}, "?"));
  button.addEventListener("click", show);
  form.querySelector(".submit-row")?.append(button);
};

// Toolbars

const items = (bar) => [...bar.querySelectorAll(".prose-menubar__button")].filter((one) => !one.matches(".hidden"));

const toolbar = (bar) => {
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Formatting");
  const stop = (chosen) => { for (const one of items(bar)) one.tabIndex = one === chosen ? 0 : -1; };
  stop(items(bar)[0]);
  bar.addEventListener("focusin", (event) => {
    const button = event.target.closest(".prose-menubar__button");
    if (button) stop(button);
  });
  bar.addEventListener("keydown", (event) => {
    const all = items(bar);
    const here = all.indexOf(event.target.closest(".prose-menubar__button"));
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (here < 0 || there === undefined) return;
    event.preventDefault();
    all[(there + all.length) % all.length].focus();
  });
};

/** Give the forms of the page their keys; `form` is the one that Ctrl+S saves, or null. */
export const startKeys = (form) => {
  if (form) keysOf(form);
  document.addEventListener("keydown", answer);
  const bars = () => {
    for (const bar of document.querySelectorAll(".prose-menubar:not([role=toolbar])")) toolbar(bar);
  };
  bars();
  // An editor draws its toolbar some time after it is ready, and nobody announces it.
  new MutationObserver(bars).observe(document.body, { childList: true, subtree: true });
};

// How long a text is

const PAUSE = 900; // milliseconds after the last key
const PACE = 230; // words in a minute

export const lengthOf = (text) => {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const minutes = Math.max(1, Math.round(words / PACE));
  return `${words} word${words === 1 ? "" : "s"}, ${minutes} minute${minutes === 1 ? "" : "s"} to read`;
};

/** Say under the editor how long its text is, anew after a pause. */
export const countWords = (editor, after) => {
  const line = make("p", { class: "help word-count", id: "word-count" });
  after.after(line);
  const say = () => { line.textContent = lengthOf(editor.getText({ blockSeparator: "\n" })); };
  let waiting = null;
  editor.on("update", () => {
    clearTimeout(waiting);
    waiting = setTimeout(say, PAUSE);
  });
  say();
};
