/* The story's page: claims beside the text and in it, a claim made of a selection, what is on record already,
   nothing typed ever lost. Without it the form still writes, saves and makes claims. */

import { formatTime, make, statusMessages } from "./autosave.js";
import { claimBox } from "./claim-box.js";
import { foundClaims } from "./found.js";
import { postJson, StoryAutosave } from "./heartbeat.js";
import { countWords } from "./keys.js";
import { choose, claimAt, marks, refresh, showChosen, showMatches, standings } from "./marks.js";
import { linkBox } from "./link-box.js";
import { leadPicture, pictureBox } from "./picture-box.js";
import { picturesInText } from "./picture-in-text.js";
import { searchCard } from "./search-card.js";
import { relatedStories } from "./story-box.js";
import { PlainText } from "./text.js";

const LONG = 110; // characters that feeds and search engines print whole
const LOOK_DELAY = 300; // milliseconds without a key before words that were lost are looked for
const PAUSE = 900; // milliseconds without a key before the record is asked

// The headline's length

const countHeadline = () => {
  const field = document.getElementById("id_headline");
  if (!field) return;
  const count = make("p", { class: "help headline-count", id: "headline-count" });
  const say = () => {
    const length = [...field.value].length;
    count.textContent = length > LONG ? `${length} characters: feeds will cut it` : `${length} characters`;
    count.classList.toggle("too-long", length > LONG);
  };
  field.after(count);
  field.addEventListener("input", say);
  say();
};

// What the page says about itself

const OUTDATED = "This story has been saved since you opened it. "
  + "Go on writing: when you save, both versions are put together and shown to you.";

const storyStatus = (login) => {
  const line = document.getElementById("story-saved");
  const others = document.getElementById("story-others");
  const status = statusMessages({ place: document.getElementById("story-bar"), line, login });
  let notice = null;
  return Object.assign(status, {
    autosaved: (at) => status.line(`Not saved yet; your words are kept (${formatTime(at)}).`),
    others: (list) => {
      const words = list.map(({ name, since }) => `${name} has this story open, too (since ${since}).`).join(" ");
      if (others.textContent !== words) others.textContent = words;
      others.classList.toggle("others", list.length > 0);
    },
    outdated: () => { notice ??= status.notice(OUTDATED, []); },
  });
};

// Claims beside the text

const GONE = "These words are no longer in the text.";
const GUARDED = "Words changed: the save will ask why.";
const UNGUARDED = "Words changed: the claim will lose them.";

const besideClaims = (editor, data) => {
  const cards = new Map();
  const add = (card) => {
    const id = Number(card.dataset.appearance);
    const claim = data.claims.find((one) => one.id === id);
    cards.set(id, { card, claim });
    if (!claim || claim.adrift) return;
    const button = card.querySelector(".beside-show");
    button.hidden = false;
    button.addEventListener("click", () => {
      if (!choose(editor, id)) say(card, GONE);
      current(id);
    });
  };
  const say = (card, words) => {
    const line = card.querySelector(".beside-changed");
    if (line.textContent === words) return;
    line.hidden = !words;
    line.textContent = words;
  };
  const current = (id) => {
    for (const [other, { card }] of cards) {
      if (other === id) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    }
  };
  for (const card of document.querySelectorAll(".beside-claim")) add(card);
  editor.on("selectionUpdate", () => {
    const id = claimAt(editor);
    current(id);
    showChosen(editor, id);
    if (id !== null) {
      const list = document.getElementById("beside-list");
      const { card } = cards.get(id) ?? {};
      if (list && card && list.scrollHeight > list.clientHeight) {
        list.scrollTop = card.offsetTop - list.offsetTop - 40;
      }
    }
  });
  const look = () => {
    const shown = [...cards.values()].filter(({ claim }) => claim && !claim.adrift);
    const now = standings(editor, shown.map(({ claim }) => claim));
    for (const { card, claim } of shown) {
      say(card, { same: "", changed: claim.guarded ? GUARDED : UNGUARDED, gone: GONE }[now.get(claim.id)]);
    }
  };
  let waiting = null;
  editor.on("update", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, LOOK_DELAY);
  });
  const count = () => { document.getElementById("beside-number").textContent = String(cards.size); };
  return {
    /** Put the card of a claim that was just made among the others, in the order of the text. */
    made: (html, claim) => {
      const list = besideList();
      const card = new DOMParser().parseFromString(html, "text/html").querySelector("li");
      const begin = claim.parts[0][0];
      const startOf = (one) => cards.get(Number(one.dataset.appearance))?.claim?.parts[0][0] ?? Infinity;
      list.insertBefore(card, [...list.children].find((one) => startOf(one) > begin) ?? null);
      data.claims.push(claim);
      add(card);
      count();
      refresh(editor);
    },
    /** Take such a card away again. */
    gone: (id) => {
      cards.get(id)?.card.remove();
      cards.delete(id);
      data.claims.splice(data.claims.findIndex((claim) => claim.id === id), 1);
      count();
      refresh(editor);
    },
  };
};

/* The list of claims beside the text, made where there was none. */
const besideList = () => {
  const none = document.getElementById("beside-none");
  none?.replaceWith(make("ol", { class: "beside", id: "beside-list" }));
  return document.getElementById("beside-list");
};

// Already on the record

const ELEMENTS = { added: "ins", removed: "del" };

const recordMatch = (match) => make("li", { class: "record-match" },
  make("p", { class: "word-diff" }, "“",
    ...match.pieces.flatMap(([kind, words]) => [kind in ELEMENTS ? make(ELEMENTS[kind], {}, words) : words, " "]), "”"),
  make("p", { class: "beside-line" }, make("strong", {}, match.speaker), match.said ? `, ${match.said} ` : " ",
    make("span", { class: `badge badge-rating-${match.rating.replaceAll("_", "-")}` }, match.verdict)),
  make("p", { class: "quiet" }, match.why),
  make("p", { class: "beside-links" }, make("a", { href: match.address, target: "_blank" }, "Open the claim")));

const theRecord = (editor, data) => {
  const panel = document.getElementById("on-record");
  const list = document.getElementById("on-record-list");
  let waiting = null;
  let asking = null;
  let asked = null;
  const show = (matches) => {
    panel.hidden = matches.length === 0;
    list.replaceChildren(make("ul", { class: "record-matches" }, ...matches.map(recordMatch)));
    showMatches(editor, matches);
  };
  const look = async () => {
    const { text } = new PlainText(editor.state.doc);
    if (text === asked) return;
    asked = text;
    asking?.abort();
    asking = new AbortController();
    try {
      const { matches } = await postJson(data.onRecord, { text, story: data.story }, { signal: asking.signal });
      show(matches);
    } catch {
      asked = null; // signed out, or overtaken by the next question: the next pause asks again
    }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  };
  editor.on("update", soon);
  soon();
};

// All of it

const start = (editor, textarea) => {
  const element = document.getElementById("story-desk");
  if (!element || textarea.name !== "body" || "storyReady" in document.body.dataset) return;
  const data = JSON.parse(element.textContent);
  const kept = JSON.parse(document.getElementById("kept-form").textContent);
  editor.registerPlugin(marks(data.claims));
  const beside = besideClaims(editor, data);
  claimBox(editor, data);
  linkBox(editor, data);
  if (data.found) foundClaims(editor, data, beside);
  theRecord(editor, data);
  const open = pictureBox(data.pictures);
  leadPicture(open);
  picturesInText(editor, open);
  relatedStories(data);
  searchCard(data.card, editor);
  countWords(editor, textarea.closest(".prose-editor"));
  const setText = (field, html) => {
    if (field !== textarea) return false;
    editor.commands.setContent(html, { emitUpdate: true });
    refresh(editor);
    return true;
  };
  // What the editor makes of the saved text may differ in a space: that is no typing.
  new StoryAutosave({ form: textarea.form, story: data, data: kept, status: storyStatus(kept.login), setText }).start();
  document.body.dataset.storyReady = "true";
};

countHeadline();
document.querySelector("#story-merge, #story-held")?.focus();
for (const { editor, textarea } of window.deskEditors) start(editor, textarea);
document.addEventListener("prose-editor:ready", (event) => start(event.detail.editor, event.detail.textarea));
