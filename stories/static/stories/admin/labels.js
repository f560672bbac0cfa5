/* Names for the fields that Django's own templates leave without one. */
"use strict";
{
  const name = (element, words) => {
    if (element && words && !element.getAttribute("aria-label")) element.setAttribute("aria-label", words);
  };

  const labelOf = (element) => {
    const row = element.closest(".form-row, .review-field, td, .fieldBox");
    const label = row && row.querySelector("label, legend");
    if (label) return label.textContent.trim().replace(/:$/, "");
    const cell = element.closest("td");
    const table = cell && cell.closest("table");
    const heading = table && table.querySelectorAll("thead th")[cell.cellIndex];
    return heading ? heading.textContent.trim() : "";
  };

  /* What is named, and how: [selector, element => name]. */
  const NAMES = [
    [".vDateField", (input) => `${labelOf(input)}: date`],
    [".vTimeField", (input) => `${labelOf(input)}: time`],
    [".tabular td input:not([type=hidden]), .tabular td select, .tabular td textarea", (field) => labelOf(field)],
    ["input.action-select", (box) => `Choose ${rowOf(box) ?? "this row"}`],
    [".select2-search__field", (search) => selectName(search) || "Search"],
    [".select2-selection, .select2-selection__rendered[role=textbox]", (chosen) => selectName(chosen)],
    ["[contenteditable=true]", (editor) => {
      const textarea = editor.closest(".prose-editor")?.querySelector("textarea");
      return textarea ? labelOf(textarea) : "Text";
    }],
  ];

  const rowOf = (box) => {
    const first = box.closest("tr")?.querySelector("th, td:nth-child(2)");
    return first?.textContent.trim().slice(0, 80);
  };

  /* Of the list that select2 draws something for. */
  const selectName = (drawn) => {
    const select = drawn.closest(".select2-container")?.previousElementSibling;
    return select && (select.getAttribute("aria-label") || labelOf(select));
  };

  /* On a phone a group scrolls: with nothing in it to tab to, it is itself what the keyboard scrolls. */
  const makeScrollable = (group) => {
    if (group.tabIndex >= 0 || group.querySelector("a, button, input:not([type=hidden]), select, textarea")) return;
    group.tabIndex = 0;
    group.setAttribute("role", "region");
    name(group, group.querySelector("h2")?.textContent.trim());
  };

  const tidy = (root) => {
    for (const [selector, nameOf] of NAMES) {
      for (const element of root.querySelectorAll(selector)) name(element, nameOf(element));
    }
    for (const group of root.querySelectorAll(".inline-group")) makeScrollable(group);
  };

  /* On a phone a list has no headings: a figure, a date or a dash says then what it is of. */
  const headCells = (list) => {
    const column = (cell, prefix) => [...cell.classList].find((one) => one.startsWith(prefix))?.slice(prefix.length);
    const names = new Map([...list.querySelectorAll("thead th")].map((cell) =>
      [column(cell, "column-"), cell.querySelector(".text")?.textContent.trim()]));
    for (const cell of list.querySelectorAll("tbody td[class*=field-]")) {
      const words = names.get(column(cell, "field-"));
      if (words && /^(–|\d)/.test(cell.textContent.trim())) cell.dataset.label = words;
    }
  };

  const start = () => {
    tidy(document);
    for (const list of document.querySelectorAll("#result_list")) headCells(list);
    document.addEventListener("prose-editor:ready", () => tidy(document), true);
    document.addEventListener("formset:added", (event) => tidy(event.target));
    // select2 draws its search field when it opens, and nobody announces it.
    new MutationObserver(() => tidy(document)).observe(document.body, { childList: true, subtree: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
