/* The story's heartbeat: every few seconds the desk is told that somebody has the story open and what was typed,
   which it saves beside the copy in this browser, and answers who else has the story open. */

import { Autosave, SignedOut, csrfToken } from "./autosave.js";

const INTERVAL = 20_000; // milliseconds between heartbeats
const INPUT_DELAY = 2_500; // after the last key, to the server
const AUTOSAVED = new Set([
  "headline", "standfirst", "body", "lead_image_alt", "lead_image_caption", "lead_image_credit",
  "dateline", "source", "source_url", "embargo_note", "slug", "related", "authors", "tags",
  "search_title", "search_description",
]);

/** POST JSON to the desk. Returns its answer; throws SignedOut, or Error with the desk's words. */
export const postJson = async (address, data, options = {}) => {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(data),
    ...options,
  });
  const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (response.redirected || !json) throw new SignedOut(String(response.status));
  const answer = await response.json();
  const { ok, status } = response;
  if (!ok) throw Object.assign(new Error(answer.error ?? String(status)), { status });
  return answer;
};

export class StoryAutosave extends Autosave {
  /** `story` is the page's #story-desk. */
  constructor({ story, ...options }) {
    super(options);
    this.story = story;
    this.lastSent = this.initial;
    addEventListener("pagehide", () => {
      if (!story.story) return;
      fetch(story.heartbeat, {
        method: "POST", keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify({ leaving: true }),
      }).catch(() => {});
    });
  }

  includes(field) {
    return AUTOSAVED.has(field.name);
  }

  start() {
    const { unsaved } = this.story;
    this.offerCopies(unsaved ? [{ fields: unsaved.fields, at: unsaved.kept, marks: unsaved.fields }] : []);
    this.beat();
    setInterval(() => this.beat(), INTERVAL);
  }

  inputReceived() {
    super.inputReceived();
    clearTimeout(this.serverTimer);
    this.serverTimer = setTimeout(() => this.beat(), INPUT_DELAY);
  }

  async beat() {
    if (!this.submitted) await this.checkSession();
  }

  /** Tell the desk that somebody is still here, and what was typed since the last time. */
  async ping() {
    const fields = this.values();
    const now = JSON.stringify(fields);
    const news = now !== this.lastSent;
    const { opened, as_shown } = this.baseValues();
    this.request?.abort(); // an answer older than this question says nothing any more
    this.request = new AbortController();
    const typed = news ? { fields: { ...fields, opened, as_shown } } : {};
    const { signal } = this.request;
    const answer = await postJson(this.story.heartbeat, { ...typed, who: this.data.who }, { signal });
    this.lastSent = now;
    this.status.others(answer.others ?? []);
    if (news) this.status.autosaved(new Date(answer.kept || Date.now()));
    if (opened && answer.mark && answer.mark !== opened) this.status.outdated();
  }

  mustCheck() {
    return this.signedOut || this.unreachable || navigator.onLine === false;
  }

  async submitRequested(event) {
    await super.submitRequested(event);
    if (!this.submitted) return;
    clearTimeout(this.serverTimer);
    this.request?.abort(); // it would keep again what is being saved
  }

  discard() {
    super.discard();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", csrfToken());
    if (this.story.story) body.set("story", this.story.story);
    fetch(this.story.forget, { method: "POST", body }).catch(() => {});
  }
}
