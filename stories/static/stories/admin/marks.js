/* Claims, and words already on record, shown in the editor: decorations, which are no part of the text and
   go with it as one types. */

import { pm } from "django-prose-editor/editor";
import { plainMarks } from "./plain-marks.js";
import { PlainText } from "./text.js";

const { Plugin, PluginKey } = pm.state;
const { Decoration, DecorationSet } = pm.view;
const KEY = new PluginKey("deskMarks");

const fold = (words) => plainMarks(words).replace(/\s+/g, " ").trim().toLowerCase();

const decorate = (spec, from, to, chosen) =>
  Decoration.inline(
    from,
    to,
    {
      class: spec.claim
        ? `claim-here${chosen === spec.claim ? " chosen" : ""}`
        : "record-here",
      ...(spec.claim ? { "data-appearance": String(spec.claim) } : {}),
    },
    spec,
  );

const initial = (doc, claims) => {
  const text = new PlainText(doc);
  const made = [];
  for (const claim of claims) {
    if (claim.adrift) continue;
    claim.parts.forEach(([start, end, exact], part) => {
      const place = text.find(start, end, exact);
      const range = place && text.range(...place);
      if (range) made.push(decorate({ claim: claim.id, part, exact, guarded: claim.guarded }, range.from, range.to));
    });
  }
  return DecorationSet.create(doc, made);
};

/** The plugin for an editor; `claims` as the page's data gives them. */
export const marks = (claims) =>
  new Plugin({
    key: KEY,
    state: {
      init: (_, state) => ({ set: initial(state.doc, claims), chosen: null }),
      apply: (transaction, value, _, state) => {
        let { set, chosen } = value;
        const meta = transaction.getMeta(KEY);
        set = transaction.getMeta("deskFresh")
          ? initial(state.doc, claims)
          : set.map(transaction.mapping, transaction.doc);
        if (meta && "chosen" in meta) {
          chosen = meta.chosen;
          const claimed = set.find(undefined, undefined, (spec) => spec.claim);
          // `remove` empties the list it is given.
          set = set.remove([...claimed]).add(
            state.doc,
            claimed.map((one) => decorate(one.spec, one.from, one.to, chosen)),
          );
        }
        if (meta && meta.matches) {
          set = set
            .remove(set.find(undefined, undefined, (spec) => spec.match))
            .add(state.doc, meta.matches.map(({ from, to, match }) => decorate({ match }, from, to)));
        }
        return { set, chosen };
      },
    },
    props: { decorations: (state) => KEY.getState(state).set },
  });

const tell = (editor, message) => editor.view.dispatch(editor.state.tr.setMeta(KEY, message));

/** Put the claims on their words again, when the whole text was replaced. */
export const refresh = (editor) => editor.view.dispatch(editor.state.tr.setMeta("deskFresh", true));

const found = (editor, test) => KEY.getState(editor.state).set.find(undefined, undefined, test);

/** Show the claim's words: scrolled to, chosen, and selected. Whether they are there. */
export const choose = (editor, claim) => {
  const [first] = found(editor, (spec) => spec.claim === claim).sort((one, other) => one.from - other.from);
  tell(editor, { chosen: claim });
  if (!first) return false;
  editor.chain().setTextSelection({ from: first.from, to: first.to }).focus(null, { scrollIntoView: false }).run();
  const here = editor.view.dom.querySelector(`[data-appearance="${claim}"]`);
  here?.scrollIntoView({ block: "center" });
  return true;
};

/** The claim on whose words the cursor stands, or null. */
export const claimAt = (editor) => {
  const { from, to } = editor.state.selection;
  const [here] = KEY.getState(editor.state).set.find(from, to, (spec) => spec.claim);
  return here ? here.spec.claim : null;
};

export const showChosen = (editor, claim) => {
  if (KEY.getState(editor.state).chosen !== claim) tell(editor, { chosen: claim });
};

/** What became of a claim's words since the page was opened: "same", "changed" or "gone". */
export const standing = (editor, claim) => {
  const parts = found(editor, (spec) => spec.claim === claim);
  if (!parts.length) return "gone";
  const text = new PlainText(editor.state.doc);
  const same = parts.every(({ from, to, spec }) => fold(text.slice(...text.within(from, to))) === fold(spec.exact));
  return same ? "same" : "changed";
};

export const showMatches = (editor, matches) => {
  const text = new PlainText(editor.state.doc);
  const placed = matches
    .map((match) => ({ match: match.claim, place: text.find(match.start, match.end, match.words) }))
    .filter(({ place }) => place)
    .map(({ match, place }) => ({ match, ...text.range(...place) }));
  tell(editor, { matches: placed });
};
