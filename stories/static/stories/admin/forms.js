/* Every page of the desk drops copies that are saved; every form but the story's, which has its own, keeps
   what is typed into it. Every editor takes what is pasted without what is no part of the copy, and says so. */

import { Autosave, make, removeOldCopies, statusMessages } from "./autosave.js";
import { startKeys } from "./keys.js";
import { cleaned } from "./paste.js";
import { drawPersonFields } from "./person-field.js";
import { writeLate } from "./write-late.js";

removeOldCopies();
drawPersonFields();
document.addEventListener("formset:added", (event) => drawPersonFields(event.target));

const editors = () => window.deskEditors ?? [];

const pasteClean = ({ editor, textarea }) => {
  const line = make("p", { class: "left-out-words", role: "status" });
  const dismiss = make("button", { type: "button", class: "link-button", hidden: true }, "Dismiss");
  const left = (words) => {
    line.textContent = words;
    dismiss.hidden = !words;
  };
  dismiss.addEventListener("click", () => {
    left("");
    editor.commands.focus();
  });
  textarea.closest(".prose-editor").after(make("div", { class: "left-out" }, line, dismiss));
  const transformPastedHTML = (html) => cleaned(html, left);
  editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML } });
};
const prepare = (one) => {
  pasteClean(one);
  writeLate(one);
};
for (const one of editors()) prepare(one);
document.addEventListener("prose-editor:ready", (event) => prepare(event.detail));

const setText = (field, html) => {
  const own = editors().find(({ textarea }) => textarea === field);
  own?.editor.commands.setContent(html, { emitUpdate: true });
  return Boolean(own);
};

const start = (data, form) => {
  const line = make("p", { class: "kept-line", role: "status" });
  form.prepend(line);
  const status = statusMessages({ place: line, line, login: data.login });
  const autosave = new Autosave({ form, data, status, setText });
  autosave.warnOnLeaving();
  autosave.offerCopies();
  document.body.dataset.formReady = "true";
};

const element = document.getElementById("kept-form");
const form = element?.closest("form");
startKeys(form ?? null);
if (form && !document.getElementById("story-desk")) {
  const data = JSON.parse(element.textContent);
  const hasEditor = ({ attributes }) => [...attributes].some(({ name }) => name.startsWith("data-django-prose-editor"));
  const edited = [...form.querySelectorAll("textarea")]
    .filter((one) => !one.name.includes("__prefix__") && hasEditor(one));
  // What an editor makes of the saved text may differ in a space: that is no typing.
  const ready = () => edited.every((one) => editors().some(({ textarea }) => textarea === one));
  const whenReady = () => {
    if (!ready()) return;
    document.removeEventListener("prose-editor:ready", soon);
    start(data, form);
  };
  const soon = () => queueMicrotask(whenReady);
  document.addEventListener("prose-editor:ready", soon);
  whenReady();
}
document.querySelector("#meanwhile")?.focus();

// What was wrong with the form, each with a link to its field

const faults = document.querySelector(".faults");

/* Select2 and the editor hide the field that has the id, and draw another. */
const drawnFor = (field) => field.parentElement.querySelector("select.person-select ~ .person-box input")
  ?? field.closest(".prose-editor")?.querySelector("[contenteditable]")
  ?? (field.classList.contains("select2-hidden-accessible")
    ? field.nextElementSibling.querySelector(".select2-search__field, .select2-selection") : null)
  ?? (field.matches("input, select, textarea, a, button") ? field : field.querySelector("input, select, textarea"));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".faults a, .skip-links a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field || field.id === "story-acts") return;
  event.preventDefault();
  field.closest("details")?.setAttribute("open", "");
  const drawn = drawnFor(field);
  drawn?.scrollIntoView({ block: "center" });
  drawn?.focus({ preventScroll: true });
});
if (!document.querySelector("#meanwhile")) faults?.focus();
