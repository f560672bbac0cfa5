/* The review queue by keys: the decision is sent while the next claim, fetched ahead, is already shown. */
"use strict";
{
  const NO_ANSWER = "The desk did not answer, and this decision was not kept. Decide it again.";
  const $ = django.jQuery;
  const host = document.getElementById("review-item");
  const problems = document.querySelector(".review-problems");
  const undoForm = document.querySelector(".review-undo");
  const box = document.querySelector(".why-dialog");
  const keys = document.getElementById("review-keys");
  const count = document.querySelector("[data-left]");
  let ahead = null; // a promise of the next card's HTML, or null at the end
  let sending = Promise.resolve(); // of the last decision: whether it was refused
  let showing = Promise.resolve(); // of the next card
  let turning = false; // a card was decided or passed over, and the next does not stand there yet

  const card = () => host.querySelector(".review-card");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  const complain = (sentences) => {
    problems.textContent = sentences.join(" ");
    problems.hidden = sentences.length === 0;
    if (sentences.length) problems.scrollIntoView({ block: "center" });
  };

  /* On a small screen the words may lie under what stands above them. */
  const showWords = () => {
    const words = host.querySelector("mark")?.getBoundingClientRect();
    if (host.getBoundingClientRect().top < 0 || (words && words.bottom > innerHeight * 0.85)) host.scrollIntoView();
  };

  const fetchAhead = () => {
    const now = card();
    if (!now) return;
    const query = new URLSearchParams(host.dataset.filters);
    query.append("after", now.dataset.place);
    query.append("not", now.dataset.claim);
    // One after the other: a decision that is on its way may change what comes next.
    ahead = sending
      .then(() => fetch(`${host.dataset.itemUrl}?${query}`, { headers: { Accept: "text/html" } }))
      .then((response) => (response.status === 200 ? response.text() : ""))
      .catch(() => "");
  };

  const begin = () => {
    $(host).find(".admin-autocomplete").djangoAdminSelect2();
    showWords();
    card()?.querySelector("[data-key=a]")?.focus({ preventScroll: true });
    fetchAhead();
  };

  const show = async () => {
    const html = await (ahead ?? Promise.resolve(""));
    if (!html) {
      if (await sending) return; // a refused decision brought its own card back
      const { pageUrl, filters } = host.dataset;
      location.assign(filters ? `${pageUrl}?${filters}` : pageUrl);
      return;
    }
    host.innerHTML = html;
    turning = false;
    begin();
  };

  const send = async (form, submitter) => {
    const data = new FormData(form, submitter);
    data.set("csrfmiddlewaretoken", token());
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } })
      .then((response) => response.json())
      .catch(() => ({ problems: [NO_ANSWER], next: "" }));
    undoForm.hidden = !answer.undo;
    undoForm.querySelector(".undo-words").textContent = answer.undo || "";
    return answer;
  };

  /* A refused decision: its own claim stands there again, with the reason. What stood there comes back after it. */
  const bringBack = async (was, sentences) => {
    await showing;
    host.replaceChildren(was);
    turning = false;
    complain(sentences);
    was.querySelector("[data-key=a]")?.focus({ preventScroll: true });
    fetchAhead();
  };

  const decide = async (form, submitter) => {
    turning = true;
    complain([]);
    const verb = submitter?.value || form.dataset.verb;
    if (verb === "accepted" || verb === "rejected") {
      // Nothing that was typed can be wrong: go on at once, and come back only if the desk says no.
      const was = card();
      sending = Promise.resolve(ahead).then(() => send(form, submitter)).then((answer) => {
        const refused = answer.problems.length > 0;
        if (refused) bringBack(was, answer.problems);
        else if (count) count.textContent = Math.max(0, Number(count.textContent) - 1);
        return refused;
      });
      showing = show();
      await showing;
      return;
    }
    await ahead;
    const answer = await send(form, submitter);
    if (answer.problems.length) {
      turning = false;
      complain(answer.problems);
    } else if (["reworded", "split", "apart"].includes(verb)) location.assign(host.dataset.pageUrl + answer.next);
    else {
      if (count) count.textContent = Math.max(0, Number(count.textContent) - 1);
      await show();
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form === undoForm) {
      event.preventDefault();
      sending.then(() => send(form)).then((answer) => {
        if (answer.problems.length) complain(answer.problems);
        else location.assign(host.dataset.pageUrl + answer.next);
      });
    } else if (form.dataset.verb) {
      event.preventDefault();
      // A second key pressed at once was meant for the next claim, which nobody has seen.
      if (!turning) decide(form, event.submitter);
    } else if ("skip" in form.dataset) {
      event.preventDefault();
      if (turning) return;
      turning = true;
      complain([]);
      show();
    }
  });

  // Why this speaker: in a box over the page, so that nobody loses their place; without a script, a page.
  const explain = async (link) => {
    const said = box.querySelector(".why-said");
    said.textContent = "Reading the story …";
    box.showModal();
    const response = await fetch(`${link.href}&bare`).catch(() => null);
    if (!response?.ok || response.redirected) {
      box.close();
      location.assign(link.href);
      return;
    }
    said.innerHTML = await response.text();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-why]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    explain(link);
  });

  const leaveField = (field) => {
    field.closest("details")?.removeAttribute("open");
    document.activeElement.blur();
  };

  const openMore = (more) => {
    more.open = true;
    if ("personBox" in more.dataset) {
      // At once, for review-person.js: the next letter is the name's, and no key of a decision.
      more.dispatchEvent(new CustomEvent("person-box", { bubbles: true }));
      return;
    }
    const select = more.querySelector("select");
    if (select) $(select).select2("open");
    else more.querySelector("textarea, input:not([type=hidden])")?.focus();
  };

  /* The button, link or part of the page that a key is for, as what is to be done. */
  const actOf = (key) => {
    if (key === "?" && keys) return () => keys.showModal();
    if (key === "u") return undoForm.hidden ? null : () => undoForm.requestSubmit();
    const link = { w: "[data-why]", o: ".review-story" }[key];
    const among = (selector) => [...(card()?.querySelectorAll(selector) ?? [])];
    const button = link ? among(link)[0] : among("[data-key]").find((one) => one.dataset.key === key);
    if (button) return () => button.click();
    const more = among("[data-key-open]").find((one) => one.dataset.keyOpen === key);
    return more ? () => openMore(more) : null;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) {
      if (event.key === "w") box.close();
      return; // no decision about what lies under the box
    }
    const field = event.target.closest("input, textarea, select, .select2-container");
    if (field) {
      if (event.key === "Escape") leaveField(field);
      return;
    }
    const act = actOf(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (card()) {
    showWords();
    card().querySelector("[data-key=a]")?.focus({ preventScroll: true });
    fetchAhead();
  }
}
