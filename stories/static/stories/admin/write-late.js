/* An editor's text is written into its field when somebody asks for it, not at each key: writing it walks the whole
   text, and in a long story every key would wait for that. */

const EMPTY = /^<(\w+)(\s[^>]*)?><\/\1>$/; // as the editor's own writing has it: one element with nothing in it

/** Let `textarea` have the text of `editor` from the moment on at which its value is read, or its form is sent. */
export const writeLate = ({ editor, textarea }) => {
  const { get, set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(textarea), "value");
  let behind = false;
  const write = () => {
    if (!behind) return;
    behind = false;
    const html = editor.getHTML();
    set.call(textarea, EMPTY.test(html) ? "" : html);
  };
  Object.defineProperty(textarea, "value", {
    configurable: true,
    get: () => {
      write();
      return get.call(textarea);
    },
    set: (value) => {
      behind = false;
      set.call(textarea, value);
    },
  });
  editor.off("update", editor.options.onUpdate);
  editor.on("update", () => {
    behind = true;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // A form is sent with what its fields hold, whoever else listens to that; so is one that the browser keeps.
  for (const when of ["submit", "pagehide"]) window.addEventListener(when, write, true);
};
