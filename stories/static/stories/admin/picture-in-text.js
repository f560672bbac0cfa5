/* Pictures of the library in a story's text: put in between paragraphs, described in a box, moved with the keys or
   dragged. They are no words of the text: see stories/text/body_pictures.py for what is stored. */

import { Document, Node, pm } from "django-prose-editor/editor";
import { make } from "./autosave.js";

const { NodeSelection, Selection } = pm.state;
const ATTRIBUTES = { file: "data-picture", alt: "alt", caption: "data-caption", credit: "data-credit" };
const KEYS = "Enter describes it, Alt with an arrow key moves it, Delete takes it out.";
const SHOWN = 40; // characters of the paragraph that a picture was moved over
const UNDESCRIBED = "Not described yet: say what it shows.";

/** As the editor's own, with pictures between the outermost blocks and nowhere else. */
export const StoryDocument = Document.extend({ content: "(block | picture)+" });

const nameOf = ({ alt }) => (alt ? `Picture: ${alt}` : "Picture, not described");

const chosen = ({ selection }) => (selection.node?.type.name === "picture" ? selection.node : null);

/* Where a picture put in at the cursor stands: after the outermost block, but before one that begins there. */
const placeAt = ({ selection }) => {
  const { $from, to } = selection;
  if (!$from.depth) return to;
  const first = Selection.atStart($from.node(0).child($from.index(0))).from + $from.before(1) + 1;
  return selection.from <= first ? $from.before(1) : $from.after(1);
};

const select = (transaction, place) =>
  transaction.setSelection(NodeSelection.create(transaction.doc, place)).scrollIntoView();

const putIn = (editor, words) => {
  const place = placeAt(editor.state);
  const node = editor.schema.nodes.picture.create(words);
  editor.view.dispatch(select(editor.state.tr.insert(place, node), place));
};

/* Move the picture that is chosen over the block before it (-1) or after it (1). Returns whether there is one. */
const move = (editor, by, say) => {
  const { doc, selection, tr } = editor.state;
  const node = chosen(editor.state);
  const other = node && doc.maybeChild(selection.$from.index(0) + by);
  if (!node) return false;
  if (!other) {
    say(by < 0 ? "It is at the top already." : "It is at the end already.");
    return true;
  }
  const place = selection.from + by * other.nodeSize;
  editor.view.dispatch(select(tr.delete(selection.from, selection.to).insert(place, node), place));
  const words = other.textContent.trim() || nameOf(other.attrs);
  const shown = words.length > SHOWN ? `${words.slice(0, SHOWN).replace(/\s+\S*$/, "")} …` : words;
  say(`Moved ${by < 0 ? "before" : "after"} “${shown}”.`);
  return true;
};

// The box for the words

const field = (name, label, help, attributes, tag = "textarea") => {
  const id = `picture-words-${name}`;
  const helped = help ? { "aria-describedby": `${id}-help` } : {};
  const input = make(tag, { id, ...helped, ...attributes });
  return {
    input,
    row: make("p", {}, make("label", { for: id }, label), input,
      ...(help ? [make("span", { class: "help", id: `${id}-help` }, help)] : [])),
  };
};

const wordsBox = () => {
  let done = null;
  const fields = {
    alt: field("alt", "What it shows", "For readers who cannot see it; in this story only.",
      { rows: 2, maxlength: 250 }),
    caption: field("caption", "Caption", "", { rows: 2, maxlength: 300 }),
    credit: field("credit", "Credit", "", { maxlength: 150, type: "text", autocomplete: "off" }, "input"),
  };
  const image = make("img", { alt: "", class: "picture-words-shown" });
  const close = () => dialog.close();
  const form = make("form", { method: "dialog" }, image,
    ...Object.values(fields).map(({ row }) => row),
    make("p", { class: "picture-words-acts" },
      make("button", { type: "submit", class: "desk-button default" }, "Use these words"),
      make("button", { type: "button", class: "desk-button", onclick: close }, "Cancel")));
  const dialog = make("dialog", { class: "picture-words", "aria-labelledby": "picture-words-heading" },
    make("h2", { id: "picture-words-heading" }, "The picture in this story"), form);
  document.body.append(dialog);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = Object.fromEntries(Object.entries(fields)
      .map(([name, { input }]) => [name, input.value.replace(/\s+/g, " ").trim()]));
    close();
    done(words);
  });
  // Enter is no new line in words that are one.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.localName !== "textarea") return;
    event.preventDefault();
    form.requestSubmit();
  });
  return (attrs, address, whenDone) => {
    done = whenDone;
    for (const [name, { input }] of Object.entries(fields)) input.value = attrs[name];
    image.src = address;
    dialog.showModal();
    fields.alt.input.focus();
  };
};

// The node

const drawn = ({ node, editor, getPos, options }) => {
  const image = make("img", { alt: "", draggable: "true" });
  const words = make("span", { class: "picture-in-text-words" });
  const described = make("span", { class: "picture-in-text-alt" });
  const button = make("button", { type: "button", class: "desk-button", tabindex: "-1" }, "Describe …");
  const dom = make("figure", { class: "picture-in-text", contenteditable: "false" },
    image, make("figcaption", {}, words, described, button));
  // No smaller version is made of some pictures, such as one that moves.
  image.addEventListener("error", () => {
    const whole = options.media + image.dataset.file;
    if (image.getAttribute("src") !== whole) image.src = whole;
  });
  const choose = () => editor.chain().setNodeSelection(getPos()).run();
  const describe = () => {
    choose();
    editor.storage.picture.describe();
  };
  button.addEventListener("click", describe);
  image.addEventListener("dblclick", describe);
  const draw = ({ attrs }) => {
    if (image.dataset.file !== attrs.file) {
      image.dataset.file = attrs.file;
      image.src = `${options.sized}${attrs.file}${options.ending}`;
    }
    dom.setAttribute("aria-label", nameOf(attrs));
    words.textContent = [attrs.caption, attrs.credit && `Picture: ${attrs.credit}`].filter(Boolean).join(" ");
    described.textContent = attrs.alt || UNDESCRIBED;
    described.classList.toggle("missing", !attrs.alt);
  };
  draw(node);
  return {
    dom,
    update: (other) => {
      if (other.type !== node.type) return false;
      draw(other);
      return true;
    },
    stopEvent: (event) => button.contains(event.target),
    ignoreMutation: () => true,
  };
};

export const Picture = Node.create({
  name: "picture",
  atom: true,
  draggable: true,
  selectable: true,

  /* Where files are: the folders of uploads and of a smaller size, and what the names of these end in. */
  addOptions: () => ({ media: "/media/", sized: "/media/", ending: "" }),

  /* What the page lends it: see `picturesInText`. */
  addStorage: () => ({ open: () => {}, say: () => {}, describe: () => false }),

  addAttributes: () => Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, attribute]) => [name, {
    default: "",
    parseHTML: (element) => element.getAttribute(attribute) ?? "",
    renderHTML: ({ [name]: value }) => (value || name === "alt" ? { [attribute]: value } : {}),
  }])),

  parseHTML: () => [{ tag: "img[data-picture]" }],

  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],

  addNodeView() {
    const { options } = this;
    return ({ node, editor, getPos }) => drawn({ node, editor, getPos, options });
  },

  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      Enter: () => editor.storage.picture.describe(),
      "Alt-ArrowUp": () => move(editor, -1, editor.storage.picture.say),
      "Alt-ArrowDown": () => move(editor, 1, editor.storage.picture.say),
    };
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "picture",
      groups: "nodes",
      button: buttons.material("image", "picture from the library"),
      command: (editor) => editor.storage.picture.open(),
      active: (editor) => Boolean(chosen(editor.state)),
    });
  },

  onSelectionUpdate() {
    const node = chosen(this.editor.state);
    this.editor.storage.picture.say(node ? `${nameOf(node.attrs)}. ${KEYS}` : "");
  },
});

/** Let pictures be put into the text of `editor` from the box that `open` opens. */
export const picturesInText = (editor, open) => {
  const { options } = editor.extensionManager.extensions.find(({ name }) => name === "picture");
  const storage = editor.storage.picture;
  const line = make("p", { class: "help picture-in-text-line", role: "status" });
  editor.view.dom.closest(".prose-editor").after(line);
  const askWords = wordsBox();
  storage.say = (words) => { if (line.textContent !== words) line.textContent = words; };
  storage.describe = () => {
    const node = chosen(editor.state);
    if (!node) return false;
    askWords(node.attrs, options.media + node.attrs.file, (words) => {
      editor.chain().updateAttributes("picture", words).focus(null, { scrollIntoView: false }).run();
      storage.say(`${nameOf(words)}. ${KEYS}`);
    });
    return true;
  };
  storage.open = () => open((picture) => {
    const { file, description, caption, credit } = picture;
    putIn(editor, { file, alt: description, caption, credit });
    editor.view.focus();
    if (!description) storage.describe();
    else storage.say(`${picture.warning} ${nameOf({ alt: description })} is in the text. ${KEYS}`.trim());
  });
};
