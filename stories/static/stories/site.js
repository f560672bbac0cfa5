// Comfort for readers whose browser runs scripts. Every page works as well without this file.
"use strict";
{
  /** A button that only a script can make useful; it is not in the page without one. */
  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "tool";
    made.textContent = label;
    made.addEventListener("click", () => act(made));
    return made;
  };

  /** Copies, and tells so for a moment in the button itself, which screen readers read out. */
  const copy = async (text, from) => {
    from.dataset.label ??= from.textContent; // pressed again it may still say what came of the first time
    from.setAttribute("aria-live", "polite");
    try {
      await navigator.clipboard.writeText(text);
      from.textContent = "Copied";
    } catch {
      from.textContent = "Your browser did not allow it";
    }
    setTimeout(() => { from.textContent = from.dataset.label; }, 2000);
  };

  const share = async (from) => {
    const address = document.querySelector("link[rel=canonical]").href;
    if (!navigator.share) {
      copy(address, from);
      return;
    }
    try {
      await navigator.share({ title: document.querySelector("h1").textContent.trim(), url: address });
    } catch (error) {
      if (error.name !== "AbortError") copy(address, from);
    }
  };

  for (const place of document.querySelectorAll("[data-tools]")) {
    place.append(button("Share", share), button("Print", () => print()));
  }

  for (const code of document.querySelectorAll("textarea[readonly]")) {
    code.after(button("Copy the code", (from) => copy(code.value, from)));
  }

  // Suggestions are fetched when somebody begins to search.
  const fetchSuggestions = (event) => {
    const form = event.target.closest?.("form[data-suggestions]");
    if (!form) return;
    document.removeEventListener("focusin", fetchSuggestions);
    const script = document.createElement("script");
    script.src = form.dataset.script;
    document.head.append(script);
  };
  document.addEventListener("focusin", fetchSuggestions);

  // A claim's card in a story closes on Escape and on a click beside it.
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".notes[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    const open = document.querySelector(".notes[open]");
    if (open && !open.contains(event.target) && !event.target.closest(".said")) open.open = false;
  });
}
