/* The library of pictures in a box over the page: found by words, or sent from here, and one of them chosen. */

import { SignedOut, csrfToken, make } from "./autosave.js";

const KINDS = "image/jpeg,image/png,image/webp,image/gif";
const PAUSE = 300; // milliseconds without a key before the library is asked
const SIGNED_OUT = "You are no longer signed in. Sign in in another tab, then try again.";
const UNREACHABLE = "The desk did not answer. Try again.";

const answerOf = async (address, options) => {
  const response = await fetch(address, options);
  const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (response.redirected || !json) throw new SignedOut(String(response.status));
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error), { said: answer.error });
  return answer;
};

const wordsOf = (error) => error.said ?? (error instanceof SignedOut ? SIGNED_OUT : UNREACHABLE);

/** `addresses` are those of choosing and of uploading. Returns a function that opens the box; it calls what it
    is given with the picture that is chosen. */
export const pictureBox = (addresses) => {
  let chosen = null;
  let waiting = null;
  let asked = 0;
  const list = make("ul", { class: "picture-grid" });
  const line = make("p", { class: "picture-box-line", role: "status" });
  const search = make("input", { type: "search", id: "picture-box-words", autocomplete: "off" });
  const file = make("input", { type: "file", id: "picture-box-file", accept: KINDS });
  const more = make("button", { type: "button", class: "desk-button", hidden: true }, "More pictures");
  const dialog = make("dialog", { class: "picture-box", "aria-labelledby": "picture-box-heading" },
    make("div", { class: "picture-box-head" },
      make("h2", { id: "picture-box-heading" }, "Pictures"),
      make("button", { type: "button", class: "desk-button", onclick: () => dialog.close() }, "Close")),
    make("div", { class: "picture-box-ways" },
      make("p", {}, make("label", { for: search.id }, "Search the library"), search),
      make("p", {}, make("label", { for: file.id }, "Or upload a new picture"), file)),
    line, list, more);
  document.body.append(dialog);

  const choose = (picture) => {
    dialog.close();
    chosen(picture);
  };

  const tile = (picture) => make("li", {},
    make("button", { type: "button", class: "picture-tile", onclick: () => choose(picture) },
      make("img", { src: picture.small, alt: "", width: "320", height: "240", loading: "lazy" }),
      make("span", { class: "picture-what" }, picture.description || picture.name || "Not described yet"),
      make("span", { class: "picture-line" }, picture.credit)),
    ...(picture.warning ? [make("span", { class: "picture-past-use" }, picture.warning)] : []));

  const look = async (from = 0) => {
    asked += 1;
    const mine = asked;
    try {
      const query = new URLSearchParams({ q: search.value, from: String(from) });
      const answer = await answerOf(`${addresses.choose}?${query}`);
      if (mine !== asked) return;
      if (!from) list.replaceChildren();
      const tiles = answer.pictures.map(tile);
      list.append(...tiles);
      more.hidden = !answer.more;
      line.textContent = list.children.length ? "" : "No picture is found.";
      if (from) tiles[0]?.querySelector("button").focus();
    } catch (error) {
      if (mine === asked) line.textContent = wordsOf(error);
    }
  };

  const upload = async () => {
    const body = new FormData();
    body.append("file", file.files[0]);
    line.textContent = "Uploading …";
    try {
      const headers = { "X-CSRFToken": csrfToken() };
      const { picture } = await answerOf(addresses.upload, { method: "POST", headers, body });
      choose(picture);
    } catch (error) {
      line.textContent = wordsOf(error);
    }
    file.value = "";
  };

  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  });
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  file.addEventListener("change", () => { if (file.files.length) upload(); });
  more.addEventListener("click", () => look(list.children.length));

  return (whenChosen) => {
    chosen = whenChosen;
    line.textContent = "";
    dialog.showModal();
    search.focus();
    look();
  };
};

const WORDS = { lead_image_alt: "description", lead_image_caption: "caption", lead_image_credit: "credit" };

/** The lead picture of the story's form is chosen in the box that `open` opens; its words become the story's. */
export const leadPicture = (open) => {
  const row = document.querySelector(".field-picture");
  const id = document.getElementById("id_library_picture");
  if (!row || !id) return;
  const shown = make("p", { class: "picture-chosen", role: "status" });
  const take = (picture) => {
    id.value = picture.id;
    for (const [name, from] of Object.entries(WORDS)) {
      const field = document.getElementById(`id_${name}`);
      field.value = picture[from];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    shown.replaceChildren(
      make("img",
        { class: "picture-now", src: picture.address, alt: picture.description, "data-wide": picture.wide }),
      make("span", {}, `${picture.description || picture.name}: shown once the story is saved. ${picture.warning}`));
    (picture.description ? button : document.getElementById("id_lead_image_alt")).focus();
  };
  const button = make("button", { type: "button", class: "desk-button", onclick: () => open(take) },
    "Choose from the library …");
  row.append(shown, button);
};
