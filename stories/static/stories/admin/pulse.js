/* What is typed into a story, kept by the server every few seconds beside what this browser keeps; who else has
   the story open. */

import { Keeper, SignedOut, token } from "./keeping.js";

const PULSE = 20_000; // milliseconds between heartbeats
const SOON = 2_500; // after the last key, to the server
const KEPT = new Set([
  "headline", "standfirst", "body", "lead_image_alt", "lead_image_caption", "lead_image_credit",
  "dateline", "source", "source_url", "embargo_note", "slug", "authors", "tags",
]);

/** POST JSON to the desk. Returns its answer; throws SignedOut, or Error with the desk's words. */
export const ask = async (address, data, options = {}) => {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(data),
    ...options,
  });
  const json = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (response.redirected || !json) throw new SignedOut(String(response.status));
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? String(response.status));
  return answer;
};

export class StoryKeeper extends Keeper {
  /** `story` is the page's #story-desk. */
  constructor({ story, ...options }) {
    super(options);
    this.story = story;
    this.sent = this.first;
    addEventListener("pagehide", () => {
      if (!story.story) return;
      fetch(story.pulse, {
        method: "POST", keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ leaving: true }),
      }).catch(() => {});
    });
  }

  keeps(field) {
    return KEPT.has(field.name);
  }

  start() {
    const { unsaved } = this.story;
    this.offer(unsaved ? [{ fields: unsaved.fields, at: unsaved.kept, marks: unsaved.fields }] : []);
    this.pulse();
    setInterval(() => this.pulse(), PULSE);
  }

  typed() {
    super.typed();
    clearTimeout(this.there);
    this.there = setTimeout(() => this.pulse(), SOON);
  }

  async pulse() {
    if (!this.submitted) await this.look();
  }

  /** The heartbeat: still here, and what was typed since the last time. */
  async reach() {
    const fields = this.fields();
    const now = JSON.stringify(fields);
    const news = now !== this.sent;
    const { opened, as_shown } = this.marks();
    this.asking?.abort(); // an answer older than this question says nothing any more
    this.asking = new AbortController();
    const typed = news ? { fields: { ...fields, opened, as_shown } } : {};
    const answer = await ask(this.story.pulse, { ...typed, who: this.data.who }, { signal: this.asking.signal });
    this.sent = now;
    this.say.others(answer.others ?? []);
    if (news) this.say.kept(new Date(answer.kept || Date.now()));
    if (opened && answer.mark && answer.mark !== opened) this.say.overtaken();
  }

  mustLook() {
    return this.signedOut || this.outOfReach;
  }

  async submitting(event) {
    await super.submitting(event);
    if (!this.submitted) return;
    clearTimeout(this.there);
    this.asking?.abort(); // it would keep again what is being saved
  }

  throwAway() {
    super.throwAway();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    if (this.story.story) body.set("story", this.story.story);
    fetch(this.story.forget, { method: "POST", body }).catch(() => {});
  }
}
