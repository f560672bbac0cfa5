/* Tags: Enter takes what was typed, also before the list of like ones has come from the server. */
"use strict";
{
  const take = (select, words) => {
    const known = [...select.options].find((option) => option.value.toLowerCase() === words.toLowerCase());
    const option = known || select.appendChild(new Option(words, words));
    option.selected = true;
    django.jQuery(select).trigger("change");
  };

  /* The list of tags that a search field of select2 belongs to; null where it is no list of tags. */
  const tagsOf = (field) => {
    if (!field.classList?.contains("select2-search__field")) return null;
    const select = field.closest(".select2-container")?.previousElementSibling;
    return select?.dataset.tags ? select : null;
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") field.dataset.walked = "yes";
    const select = event.key === "Enter" ? tagsOf(field) : null;
    if (!select || field.dataset.walked) return;
    const words = field.value.trim().replace(/\s+/g, " ");
    if (!words) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    take(select, words);
    field.value = "";
    django.jQuery(select).select2("close");
  }, true);
  document.addEventListener("input", (event) => delete event.target.dataset?.walked, true);
}
