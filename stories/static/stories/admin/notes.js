/* Notes beside a story: written on the words that are selected in the editor, answered, resolved, deleted. */

import { make, SignedOut } from "./autosave.js";
import { postJson } from "./heartbeat.js";

const CONTEXT = 32; // characters kept before and after the words, as in stories/text/anchors.py
const SHORT = 120; // characters of the words that the form shows

const SIGNED_OUT = "You are signed out. Sign in in another tab, then try again.";
const OFFLINE = "The desk cannot be reached, and the note is not kept yet. Try again.";
const GONE = " These words are no longer in the text.";

const panel = document.getElementById("story-notes");
const byId = (id) => document.getElementById(id);

// The editor, once there is one: what is selected in it, and its notes' words marked.

let editing = null;

const editorNotes = async (editor) => {
  const [{ pm }, { PlainText }] = await Promise.all([import("django-prose-editor/editor"), import("./text.js")]);
  const key = new pm.state.PluginKey("deskNotes");
  const { Decoration, DecorationSet } = pm.view;
  const placed = (doc, places) => {
    const text = new PlainText(doc);
    return DecorationSet.create(doc, places.flatMap(([id, start, end, exact]) => {
      const place = text.find(start, end, exact);
      const range = place && text.range(...place);
      return range ? [Decoration.inline(range.from, range.to, { class: "note-here" }, { id })] : [];
    }));
  };
  editor.registerPlugin(new pm.state.Plugin({
    key,
    state: {
      init: (_, state) => placed(state.doc, JSON.parse(byId("note-places").textContent)),
      apply: (transaction, set) => {
        const places = transaction.getMeta(key);
        return places ? placed(transaction.doc, places) : set.map(transaction.mapping, transaction.doc);
      },
    },
    props: { decorations: (state) => key.getState(state) },
  }));
  return {
    mark: (places) => editor.view.dispatch(editor.state.tr.setMeta(key, places)),
    show: (id) => {
      const [one] = key.getState(editor.state).find(undefined, undefined, (spec) => spec.id === id);
      if (one) editor.chain().setTextSelection({ from: one.from, to: one.to }).focus().scrollIntoView().run();
      return Boolean(one);
    },
    selected: () => {
      const { from, to, empty } = editor.state.selection;
      if (empty) return null;
      const text = new PlainText(editor.state.doc);
      const [start, end] = text.within(from, to);
      const exact = text.slice(start, end);
      return exact.trim()
        ? { exact, prefix: text.slice(Math.max(0, start - CONTEXT), start), suffix: text.slice(end, end + CONTEXT) }
        : null;
    },
    onSelect: (told) => editor.on("selectionUpdate", told),
  };
};

// The form: a new note, or an answer to `under`.

let about = null;
let under = null;

const problem = (words) => { byId("note-problem").textContent = words; };

const form = ({ note = null } = {}) => {
  under = note;
  byId("note-add").textContent = note ? "Answer" : "Add note";
  byId("note-cancel").hidden = !note;
  (note ?? panel).append(byId("note-form"));
  byId("note-text").value = "";
  problem("");
  chooseWords();
};

const chooseWords = () => {
  about = under || !editing ? null : editing.selected();
  const line = byId("note-about");
  line.hidden = !about;
  const words = about?.exact ?? "";
  line.textContent = words && `On “${words.length > SHORT ? `${words.slice(0, SHORT)}…` : words}”`;
};

const send = async (data) => {
  problem("");
  try {
    const answer = await postJson(panel.dataset.address, data);
    form();
    byId("note-list").innerHTML = answer.html;
    byId("notes-open").textContent = answer.open;
    editing?.mark(answer.places);
    showButtons();
    return true;
  } catch (error) {
    problem(error instanceof SignedOut ? SIGNED_OUT : error instanceof TypeError ? OFFLINE : error.message);
    return false;
  }
};

const showButtons = () => {
  for (const button of panel.querySelectorAll('[data-do="show"]')) button.hidden = !editing;
};

const clicked = async (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const note = button.closest(".story-note");
  const id = Number(note.dataset.note);
  if (button.dataset.do === "show") {
    if (!editing.show(id) && !note.querySelector(".note-gone")) {
      note.querySelector(".note-words").append(make("span", { class: "note-gone" }, GONE));
    }
  } else if (button.dataset.do === "answer") {
    form({ note });
    byId("note-text").focus();
  } else if (await send({ do: button.dataset.do, note: id })) byId("note-text").focus();
};

const write = () => {
  const text = byId("note-text").value;
  if (!text.trim()) return problem("Write something first.");
  return send(under
    ? { do: "answer", note: Number(under.dataset.note), text }
    : { do: "add", text, words: about });
};

const withEditor = async (editor, textarea) => {
  if (textarea.name !== "body" || editing) return;
  editing = await editorNotes(editor);
  editing.onSelect(() => { if (document.activeElement !== byId("note-text")) chooseWords(); });
  showButtons();
};

if (panel) {
  byId("note-form").hidden = false;
  panel.addEventListener("click", clicked);
  byId("note-add").addEventListener("click", write);
  byId("note-text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    write();
  });
  byId("note-cancel").addEventListener("click", () => form());
  // The story's own unsaved words are kept by name: the note's box has none, and is no part of the story.
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== "KeyM") return;
    event.preventDefault();
    form();
    byId("note-text").focus();
  });
  for (const { editor, textarea } of window.deskEditors ?? []) withEditor(editor, textarea);
  document.addEventListener("prose-editor:ready", (event) => withEditor(event.detail.editor, event.detail.textarea));
}
