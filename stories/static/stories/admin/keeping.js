/* Nothing typed is lost: kept in this browser as one types, and by the server every few seconds; a login that
   has expired is said, and the words wait until somebody is signed in again. */

const PULSE = 20_000; // milliseconds between heartbeats
const SOON = 2_500; // after the last key, to the server
const AT_ONCE = 300; // after the last key, into this browser
const KEPT = [
  "headline", "standfirst", "body", "lead_image_alt", "lead_image_caption", "lead_image_credit",
  "dateline", "source", "source_url", "embargo_note", "slug", "authors", "tags",
];

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

/** POST JSON to the desk. Returns its answer; throws SignedOut, or Error with the desk's words. */
export class SignedOut extends Error {}
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

export class Keeper {
  constructor({ form, data, say, setBody }) {
    Object.assign(this, { form, data, say, setBody });
    this.key = `desk-story-${data.who}-${data.story ?? "new"}`;
    this.first = JSON.stringify(this.fields());
    this.sent = this.first;
    this.signedOut = false;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("change", () => this.typed());
    // select2 announces itself to jQuery only.
    window.django?.jQuery?.(form).on("change", () => this.typed());
    form.addEventListener("submit", (event) => this.submitting(event));
    for (const when of ["pagehide", "visibilitychange"]) {
      addEventListener(when, () => document.visibilityState === "hidden" && this.keepHere(), true);
    }
    addEventListener("pagehide", () => {
      this.keepHere();
      if (data.story) {
        fetch(data.pulse, {
          method: "POST", keepalive: true,
          headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
          body: JSON.stringify({ leaving: true }),
        }).catch(() => {});
      }
    });
  }

  fields() {
    const kept = {};
    for (const name of KEPT) {
      const field = this.form.elements[name];
      if (!field) continue;
      kept[name] = field.multiple
        ? [...field.selectedOptions].map((option) => [option.value, option.textContent])
        : field.value;
    }
    return kept;
  }

  get dirty() {
    return JSON.stringify(this.fields()) !== this.first;
  }

  start() {
    this.offer();
    this.pulse();
    setInterval(() => this.pulse(), PULSE);
  }

  typed() {
    clearTimeout(this.here);
    clearTimeout(this.there);
    this.here = setTimeout(() => this.keepHere(), AT_ONCE);
    this.there = setTimeout(() => this.pulse(), SOON);
  }

  /** Into this browser. */
  keepHere(more = {}) {
    if (this.submitted || (!this.dirty && !more.submitted)) return;
    const mark = this.form.elements.opened?.value ?? "";
    const copy = { fields: this.fields(), mark, at: new Date().toISOString(), ...more };
    try {
      localStorage.setItem(this.key, JSON.stringify(copy));
    } catch {
      // The browser keeps nothing for us (private window, full): the server still does.
    }
  }

  keptHere() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // As above.
    }
  }

  /** To the server: still here, and what was typed since the last time. */
  async pulse() {
    if (this.submitted) return;
    const fields = this.fields();
    const now = JSON.stringify(fields);
    const news = now !== this.sent;
    const mark = this.form.elements.opened?.value ?? "";
    this.asking?.abort(); // an answer older than this question says nothing any more
    this.asking = new AbortController();
    try {
      const typed = news ? { fields: { ...fields, opened: mark } } : {};
      const answer = await ask(this.data.pulse, typed, { signal: this.asking.signal });
      this.sent = now;
      this.signedIn();
      this.form.elements.csrfmiddlewaretoken.value = token() || this.form.elements.csrfmiddlewaretoken.value;
      this.say.others(answer.others ?? []);
      if (news) this.say.kept(new Date(answer.kept || Date.now()));
      if (mark && answer.mark && answer.mark !== mark) this.say.overtaken();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (error instanceof SignedOut) this.isSignedOut();
      else this.say.failed(error.message);
    }
  }

  isSignedOut() {
    this.keepHere();
    this.signedOut = true;
    this.say.signedOut();
  }

  signedIn() {
    if (this.signedOut) this.say.signedIn();
    this.signedOut = false;
  }

  submitting(event) {
    if (event.submitter?.hasAttribute("formtarget")) return; // a preview is no save
    if (this.signedOut) {
      event.preventDefault();
      this.pulse();
      return;
    }
    this.keepHere({ submitted: true });
    this.submitted = true;
    clearTimeout(this.here);
    clearTimeout(this.there);
    this.asking?.abort(); // it would keep again what is being saved
  }

  /** Words typed before and never saved: offered, not put in unasked. */
  offer() {
    const bound = Boolean(document.querySelector(".errornote, #story-merge, #story-held"));
    const mark = this.form.elements.opened?.value ?? "";
    const here = this.keptHere();
    const saved = here?.submitted && (this.data.story ? here.mark !== mark : this.data.lastMade === here.fields.headline);
    if (saved) this.forget();
    if (bound) return;
    const there = this.data.unsaved && { ...this.data.unsaved, at: this.data.unsaved.kept, mark: this.data.unsaved.fields.opened ?? "" };
    const copies = [saved ? null : here, there].filter((copy) => copy && this.differs(copy.fields));
    if (!copies.length) {
      if (here) this.forget();
      return;
    }
    copies.sort((one, other) => (one.at < other.at ? 1 : -1));
    this.say.offer(copies[0], () => this.putIn(copies[0]), () => this.throwAway());
  }

  differs(fields) {
    const now = this.fields();
    return Object.entries(now).some(([name, value]) => name in fields && JSON.stringify(fields[name]) !== JSON.stringify(value));
  }

  putIn(copy) {
    for (const [name, value] of Object.entries(copy.fields)) {
      const field = this.form.elements[name];
      if (!field || !KEPT.includes(name)) continue;
      if (field.multiple) {
        for (const [key, label] of value) {
          if (![...field.options].some((option) => option.value === key)) field.add(new Option(label, key));
        }
        for (const option of field.options) option.selected = value.some(([key]) => key === option.value);
        window.django?.jQuery?.(field).trigger("change");
      } else if (name === "body") this.setBody(value);
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // They began from that state: if somebody saved since, the save will say so and put both together.
    if (copy.mark && this.form.elements.opened) this.form.elements.opened.value = copy.mark;
  }

  throwAway() {
    this.forget();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token());
    if (this.data.story) body.set("story", this.data.story);
    fetch(this.data.forget, { method: "POST", body }).catch(() => {});
  }
}
