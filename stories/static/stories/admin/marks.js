/* Claims, and words already on record, shown in the editor: decorations, which are no part of the text and
   go with it as one types. */

import { pm } from "django-prose-editor/editor";
import { plainMarks } from "./plain-marks.js";
import { PlainText } from "./text.js";

const { Plugin, PluginKey } = pm.state;
const { Decoration, DecorationSet } = pm.view;
const KEY = new PluginKey("deskMarks");

const fold = (words) => plainMarks(words).replace(/\s+/g, " ").trim().toLowerCase();

const CLASSES = { match: "record-here", offer: "found-here", made: "made-here" };
const classOf = (spec) => CLASSES[Object.keys(CLASSES).find((kind) => kind in spec)];

const decorate = (spec, from, to, chosen) =>
  Decoration.inline(
    from,
    to,
    {
      class: spec.claim
        ? `claim-here${chosen === spec.claim ? " chosen" : ""}`
        : classOf(spec),
      ...(spec.claim ? { "data-appearance": String(spec.claim) } : {}),
    },
    spec,
  );

/* The decorations of a claim's words, as far as they stand in the text. */
const ofClaim = (text, claim, chosen) =>
  claim.parts.flatMap(([start, end, exact], part) => {
    const place = text.find(start, end, exact);
    const range = place && text.range(...place);
    const spec = { claim: claim.id, part, exact, guarded: claim.guarded };
    return range ? [decorate(spec, range.from, range.to, chosen)] : [];
  });

const initial = (doc, claims) => {
  const text = new PlainText(doc);
  for (const claim of claims) claim.stood ??= claim.parts.map(([, , exact]) => text.places(exact).length);
  return DecorationSet.create(doc, claims.filter(({ adrift }) => !adrift).flatMap((claim) => ofClaim(text, claim)));
};

const replaced = (set, doc, test, others) => set.remove(set.find(undefined, undefined, test)).add(doc, others);

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
        for (const kind of Object.keys(CLASSES)) {
          const shown = meta?.[kind];
          if (!shown) continue;
          set = replaced(set, state.doc, (spec) => kind in spec,
            shown.map(({ from, to, id }) => decorate({ [kind]: id }, from, to)));
        }
        if (meta?.back) {
          const text = new PlainText(state.doc);
          const ids = new Set(meta.back.map(({ id }) => id));
          set = replaced(set, state.doc, (spec) => ids.has(spec.claim),
            meta.back.flatMap((claim) => ofClaim(text, claim, chosen)));
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

const standsAs = (text, parts, number) => {
  if (parts.length < number) return parts.length ? "changed" : "gone";
  const same = parts.every(({ from, to, spec }) => fold(text.slice(...text.within(from, to))) === fold(spec.exact));
  return same ? "same" : "changed";
};

/** What became of the words of `claims` since the page was opened, by id: "same", "changed" or "gone". Words that
    are back, or stand elsewhere now, are marked there again; where the same words stood several times they are back
    when there are as many again. The whole text is walked once. */
export const standings = (editor, claims) => {
  const text = new PlainText(editor.state.doc);
  const now = new Map(claims.map((claim) => {
    const parts = found(editor, (spec) => spec.claim === claim.id);
    return [claim.id, standsAs(text, parts, claim.parts.length)];
  }));
  const back = claims.filter((claim) => now.get(claim.id) !== "same"
    && claim.parts.every(([, , exact], part) => text.places(exact).length >= Math.max(1, claim.stood[part])));
  if (back.length) tell(editor, { back });
  for (const { id } of back) now.set(id, "same");
  return now;
};

const placed = (text, id, start, end, words) => {
  const place = text.find(start, end, words);
  return place ? [{ id, ...text.range(...place) }] : [];
};

export const showMatches = (editor, matches) => {
  const text = new PlainText(editor.state.doc);
  tell(editor, { match: matches.flatMap((one) => placed(text, one.claim, one.start, one.end, one.words)) });
};

/** Mark what is offered as a claim: `offers` are [id, parts], parts as a claim has them. */
export const showOffers = (editor, offers) => {
  const text = new PlainText(editor.state.doc);
  tell(editor, {
    offer: offers.flatMap(([id, parts]) => parts.flatMap((part) => placed(text, id, ...part))),
  });
};

/** Mark what is to be made a claim: {start, end, words} each. */
export const showMade = (editor, places) => {
  const text = new PlainText(editor.state.doc);
  tell(editor, { made: places.flatMap(({ start, end, words }, id) => placed(text, id, start, end, words)) });
};

/** Select the words of an offer and scroll to them. Whether they are there. */
export const chooseOffer = (editor, id) => {
  const [first] = found(editor, (spec) => spec.offer === id);
  if (!first) return false;
  editor.commands.setTextSelection({ from: first.from, to: first.to });
  editor.view.domAtPos(first.from).node.parentElement?.scrollIntoView({ block: "center" });
  return true;
};
