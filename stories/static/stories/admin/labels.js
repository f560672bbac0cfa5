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

  const tidy = (root) => {
    for (const input of root.querySelectorAll(".vDateField")) name(input, `${labelOf(input)}: date`);
    for (const input of root.querySelectorAll(".vTimeField")) name(input, `${labelOf(input)}: time`);
    for (const field of root.querySelectorAll(".tabular td input, .tabular td select, .tabular td textarea")) {
      if (field.type !== "hidden") name(field, labelOf(field));
    }
    for (const box of root.querySelectorAll("input.action-select")) {
      const row = box.closest("tr");
      const first = row && row.querySelector("th, td:nth-child(2)");
      name(box, `Choose ${first ? first.textContent.trim().slice(0, 80) : "this row"}`);
    }
    for (const search of root.querySelectorAll(".select2-search__field")) {
      const container = search.closest(".select2-container");
      const select = container && container.previousElementSibling;
      name(search, (select && (select.getAttribute("aria-label") || labelOf(select))) || "Search");
    }
    for (const chosen of root.querySelectorAll(".select2-selection, .select2-selection__rendered[role=textbox]")) {
      const container = chosen.closest(".select2-container");
      const select = container && container.previousElementSibling;
      if (select) name(chosen, select.getAttribute("aria-label") || labelOf(select));
    }
    for (const group of root.querySelectorAll(".inline-group")) {
      // On a phone it scrolls: with nothing in it to tab to, it is itself what the keyboard scrolls.
      if (group.tabIndex >= 0 || group.querySelector("a, button, input:not([type=hidden]), select, textarea")) continue;
      group.tabIndex = 0;
      group.setAttribute("role", "region");
      name(group, group.querySelector("h2")?.textContent.trim());
    }
    for (const editor of root.querySelectorAll("[contenteditable=true]")) {
      const textarea = editor.closest(".prose-editor")?.querySelector("textarea");
      name(editor, textarea ? labelOf(textarea) : "Text");
    }
  };

  /* On a phone a list has no headings: a figure, a date or a dash says then what it is of. */
  const headCells = (list) => {
    const of = (cell, prefix) => [...cell.classList].find((one) => one.startsWith(prefix))?.slice(prefix.length);
    const names = new Map([...list.querySelectorAll("thead th")].map((th) => [of(th, "column-"), th.querySelector(".text")?.textContent.trim()]));
    for (const cell of list.querySelectorAll("tbody td[class*=field-]")) {
      if (/^(–|\d)/.test(cell.textContent.trim()) && names.get(of(cell, "field-"))) cell.dataset.label = names.get(of(cell, "field-"));
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
