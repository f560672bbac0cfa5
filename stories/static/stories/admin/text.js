/* The editor's document as the plain text that the server counts in: see stories/text/richtext.py for the rule.
   Offsets are characters (code points), so an emoji counts once. */

const SPACE = /[ \t\n\r\f\v]/;
// eslint-disable-next-line no-control-regex
const DROPPED = /[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]/;

export class PlainText {
  /** `doc` is a ProseMirror node. `chars[n]` stands at document positions `from[n]`–`to[n]`. */
  constructor(doc) {
    this.chars = [];
    this.from = [];
    this.to = [];
    doc.descendants((node, position) => {
      if (!node.isTextblock) return true;
      this.#block(node, position + 1);
      return false;
    });
    this.text = this.chars.join("");
  }

  #push(char, from, to) {
    this.chars.push(char);
    this.from.push(from);
    this.to.push(to);
  }

  /** Push what stands between the last character and the next, which is at document position `at`. */
  #separate(at, { begun, space, breaks }) {
    if (!begun || breaks > 1) {
      if (!this.chars.length) return;
      this.#push("\n", at, at);
      this.#push("\n", at, at);
    } else if (breaks) this.#push("\n", at, at);
    else if (space) this.#push(" ", at - 1, at);
  }

  #block(block, inside) {
    // Whether the paragraph has a character yet; what came after its last one: white space, line breaks.
    let since = { begun: false, space: false, breaks: 0 };
    block.forEach((child, offset) => {
      if (!child.isText) {
        if (child.type.name === "hardBreak") since.breaks += 1;
        return;
      }
      let at = inside + offset;
      for (const char of child.text) {
        const here = at;
        at += char.length;
        if (DROPPED.test(char)) continue;
        if (SPACE.test(char)) {
          since.space = true;
          continue;
        }
        this.#separate(here, since);
        this.#push(char, here, at);
        since = { begun: true, space: false, breaks: 0 };
      }
    });
  }

  /** Document positions of characters `start`–`end`, or null when they are not there. */
  range(start, end) {
    if (!(start >= 0 && start < end && end <= this.chars.length)) return null;
    return { from: this.from[start], to: this.to[end - 1] };
  }

  slice(start, end) {
    return this.chars.slice(start, end).join("");
  }

  /** The characters between two document positions, as [start, end]. */
  within(from, to) {
    let start = this.from.findIndex((at, n) => at >= from && this.to[n] > at);
    if (start < 0) start = this.chars.length;
    let end = start;
    while (end < this.chars.length && this.to[end] <= to) end += 1;
    return [start, end];
  }

  /** Where `words` stand, [start, end] in characters, first to last. */
  places(words) {
    const found = [];
    if (!words) return found;
    const length = [...words].length;
    for (let at = this.text.indexOf(words); at >= 0; at = this.text.indexOf(words, at + 1)) {
      const start = [...this.text.slice(0, at)].length;
      found.push([start, start + length]);
    }
    return found;
  }

  /** Characters `start`–`end` when `words` stand there, or the place of them nearest to it, or null. */
  find(start, end, words) {
    if (this.slice(start, end) === words) return [start, end];
    const places = this.places(words);
    places.sort((one, other) => Math.abs(one[0] - start) - Math.abs(other[0] - start));
    return places[0] ?? null;
  }
}
