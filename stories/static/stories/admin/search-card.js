/* A story as search engines and other sites will show it, drawn anew while its words are typed. */

import { make } from "./autosave.js";

const PAUSE = 500; // milliseconds without a key before it is drawn
// Characters that search engines show, by what their help pages and common tools say; each cuts by its own measure.
const TITLE = 60;
const ABOUT = 155;
const WORDS = 30; // of a standfirst or a text that serves as the description, as in models/articles.py

/** `text` as a search engine cuts it: at a word's end, no longer than `most` characters. */
export const cut = (text, most) => {
  const letters = [...text];
  if (letters.length <= most) return text;
  const begun = letters.slice(0, most - 1).join("");
  return `${/\s/.test(letters[most - 1]) ? begun : begun.replace(/\s+\S*$/, "")} …`;
};

/** The first words of `text`, as the description of a story that has none of its own. */
export const opening = (text, most = WORDS) => {
  const words = text.split(/\s+/).filter(Boolean);
  return words.length > most ? `${words.slice(0, most).join(" ")}…` : words.join(" ");
};

/** What to say of the length of a field with `length` characters, of which `most` are shown. */
export const lengthLine = (length, most) =>
  (length > most ? `${length} characters: search engines show about ${most}` : `${length} of about ${most} characters`);

const value = (name) => document.getElementById(`id_${name}`)?.value.replace(/\s+/g, " ").trim() ?? "";

const counter = (name, most) => {
  const field = document.getElementById(`id_${name}`);
  const line = make("p", { class: "help headline-count" });
  const say = () => {
    const { length } = [...field.value.trim()];
    line.textContent = length ? lengthLine(length, most) : "";
    line.classList.toggle("too-long", length > most);
  };
  field.after(line);
  field.addEventListener("input", say);
  say();
};

/* The address of the picture, and what is to be said about it. */
const pictureOf = (data, title, about) => {
  const drawn = `${data.drawn}?${new URLSearchParams({ title, about })}`;
  if (document.getElementById("lead_image-clear_id")?.checked) return [drawn, ""];
  if (document.getElementById("id_lead_image")?.files.length) {
    return [data.picture || drawn, "The new picture is shown here once the story is saved."];
  }
  return [document.querySelector(".picture-chosen img")?.dataset.wide || data.picture || drawn, ""];
};

/** Show the preview under the fields of the form; `data` as `admin/story_card.py` gives it. */
export const searchCard = (data, editor) => {
  const field = document.getElementById("id_search_title");
  if (!field) return;
  const fold = field.closest("details");
  counter("search_title", TITLE);
  counter("search_description", ABOUT);
  const part = (name) => make("p", { class: name, dir: "auto" });
  const result = { title: part("result-title"), about: part("result-about") };
  const card = { title: part("card-title"), about: part("card-about") };
  const address = make("p", { class: "result-address" });
  const picture = make("img", { alt: "", width: "1200", height: "675" });
  const note = make("p", { class: "help" });
  field.closest("fieldset").querySelector(".field-search_description").after(make("div", { class: "search-card" },
    make("section", { "aria-label": "In search results" }, make("h3", {}, "In search results"),
      make("div", { class: "result" }, make("p", { class: "result-site" }, data.site), address,
        result.title, result.about)),
    make("section", { "aria-label": "Where a link is shared" }, make("h3", {}, "Where a link is shared"),
      make("div", { class: "card" }, picture, make("p", { class: "card-host" }, data.host), card.title, card.about),
      note)));

  const draw = () => {
    const title = value("search_title") || value("headline") || "No headline yet";
    const about = value("search_description")
      || opening(value("standfirst") || editor.getText({ blockSeparator: "\n" }));
    result.title.textContent = cut(title, TITLE);
    result.about.textContent = cut(about, ABOUT);
    card.title.textContent = title;
    card.about.textContent = about;
    address.textContent = `${data.host} › stories › ${value("slug") || "…"}`;
    const [source, said] = pictureOf(data, title, value("search_description") || value("standfirst"));
    if (picture.getAttribute("src") !== source) picture.src = source;
    picture.alt = source.startsWith(data.drawn) ? "A card with the title and the description" : value("lead_image_alt");
    note.textContent = said;
  };
  let waiting = null;
  const soon = () => {
    clearTimeout(waiting);
    if (!fold || fold.open) waiting = setTimeout(draw, PAUSE);
  };
  fold?.addEventListener("toggle", soon);
  field.form.addEventListener("input", soon);
  field.form.addEventListener("change", soon);
  editor.on("update", soon);
  if (fold && (field.value || value("search_description"))) fold.open = true;
  soon();
};
