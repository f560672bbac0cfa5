/* The search of today's desk: the stories found are shown as one types, and Enter opens the one that is marked. */

import { StoryBox } from "./story-box.js";

const form = document.querySelector("form[data-stories]");
if (form) {
  const field = form.querySelector("input[type=search]");
  const box = new StoryBox({
    stories: form.dataset.stories, label: field.labels[0].textContent, drafts: true,
    choose: ({ id }) => { location.assign(`${form.action}${id}/change/`); },
  });
  Object.assign(box.input, { id: field.id, name: field.name });
  field.replaceWith(box.element);
}
