/* Somebody else said it: the box that chooses a person stands in the place of the three fields, and what is chosen is
   the decision. Without it the fields do the same. */

import { asFields, PersonBox } from "./person-box.js";

const host = document.getElementById("review-item");

const fill = (form, choice) => {
  for (const [name, value] of Object.entries(asFields(choice))) {
    let field = form.elements[name];
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.append(field);
    }
    if (field.options && value) field.append(new Option(choice.name, value));
    field.value = value;
  }
};

const build = (more) => {
  const form = more.querySelector("form");
  const box = new PersonBox({
    people: host.dataset.people, mayAdd: "mayAdd" in host.dataset,
    choose: (choice) => {
      fill(form, choice);
      form.requestSubmit();
    },
  });
  for (const part of form.querySelectorAll(".review-field, button[type=submit]")) part.hidden = true;
  form.prepend(box.element);
  return box;
};

const boxes = new WeakMap();
const prepare = () => {
  for (const more of host.querySelectorAll("[data-key-open=p]")) more.dataset.personBox = "";
};

const open = ({ target }) => {
  if (target.dataset.keyOpen !== "p" || !target.open) return;
  if (!boxes.has(target)) boxes.set(target, build(target));
  boxes.get(target).input.focus();
};

host?.addEventListener("person-box", open); // by its key
host?.addEventListener("toggle", open, true); // by the mouse; the event does not bubble

if (host) {
  prepare();
  new MutationObserver(prepare).observe(host, { childList: true });
}
