/* Pasted HTML before the editor takes it, which drops what is not ours. What only a style says is said in
   elements first: Word's lists are paragraphs with a typed mark, a web editor's bold is a span. What was
   deleted, struck out, hidden or noted in the margin is no part of the copy and stays out, as on the server
   (text/richtext.py). No style reaches a parser: the page's policy would be broken by the attempt. */

const LISTED = /mso-list:\s*l\d/i;
const LEVEL = /mso-list:[^;]*\blevel(\d)/i;
const TYPED_MARK = /mso-list:\s*ignore/i;
// From the beginning of a property: Word also writes mso-bidi-font-weight, which is about other scripts.
const NOT_BOLD = /(?:^|[;\s])font-weight:\s*(normal|[1-5]00)/i;
const BOLD = /(?:^|[;\s])font-weight:\s*(bold|[6-9]00)/i;
const NOT_ITALIC = /(?:^|[;\s])font-style:\s*normal/i;
const ITALIC = /(?:^|[;\s])font-style:\s*italic/i;
const UNDERLINED = /(?:^|[;\s])text-decoration(-line)?:[^;]*underline/i;
const COLOUR = /(?:^|[;\s])color:\s*([^;]+)/i;
const INK = /^(windowtext|inherit|initial|auto|currentcolor|black|#0{3,6}|rgba?\(0, ?0, ?0\b.*)/i;
const GROUND = /(?:^|[;\s])(?:mso-highlight|background(?:-color)?):\s*([^;]+)/i;
const NO_GROUND = /^(transparent|none|white|inherit|initial|#f{3,6}|rgba?\(255, ?255, ?255\b.*)/i;
// The marks and the ways back of footnotes and comments: Word's, Google's, LibreOffice's, Wikipedia's.
const NOTE = /#(_(ftn|edn)(ref)?\d|ftnt(_ref)?\d|sd(foot|end)note\d|cite_(note|ref)-)/i;
const WAY_BACK = /#(_(ftn|edn)ref|ftnt_ref|sd(foot|end)note\d+anc|cite_ref-)/i;
const COMMENTED = /#(_msocom_\d|cmnt\d)/i;
const COMMENT_BACK = /#cmnt_ref\d/i;
const DELETED = /text-decoration(-line)?:[^;]*line-through/i;
const HIDDEN = /mso-hide:\s*all/i;
const COMMENT = /mso-element:\s*comment/i;
const ONE_COMMENT = /mso-element:\s*comment(?!-)/i;
const HEADINGS = { h1: "h2", h4: "h3", h5: "h3", h6: "h3" };
const BETWEEN_CELLS = " | ";

const unstyled = (html) =>
  html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));

const style = (element) => element.dataset.style ?? "";
const isItem = (element) =>
  element?.localName === "p" && (LISTED.test(style(element)) || /\bMsoList/.test(element.className));
const isMark = (span) => TYPED_MARK.test(style(span));

const levelOf = (element) => Number(style(element).match(LEVEL)?.[1] ?? 1);

/* A list for the mark that the paragraph was typed with: 1. a) iv. count, all else is a bullet. */
const listFor = (page, paragraph) => {
  const mark = [...paragraph.querySelectorAll("span")].find(isMark);
  return page.createElement(/^\s*[\dA-Za-z]+[.)]/.test(mark?.textContent ?? "") ? "ol" : "ul");
};

/* The list that takes `paragraph`, of those in `open`; a new one for the first paragraph of a level. */
const listOfLevel = (page, paragraph, open) => {
  const level = levelOf(paragraph);
  while (open.length > 1 && open.at(-1).level > level) open.pop();
  if (open.length && open.at(-1).level >= level) return open.at(-1).list;
  const list = listFor(page, paragraph);
  const parent = open.at(-1)?.list.lastElementChild;
  if (parent) parent.append(list);
  else paragraph.before(list);
  open.push({ level, list });
  return list;
};

const makeLists = (page) => {
  for (const paragraph of [...page.querySelectorAll("p")].filter(isItem)) {
    if (!paragraph.isConnected) continue;
    const open = []; // the list of each level, from the outermost to the one that is being filled
    for (let next = paragraph; isItem(next); ) {
      const following = next.nextElementSibling;
      const list = listOfLevel(page, next, open);
      for (const span of [...next.querySelectorAll("span")].filter(isMark)) span.remove();
      const item = page.createElement("li");
      item.append(...next.childNodes);
      list.append(item);
      next.remove();
      next = following;
    }
  }
};

/* A list laid beside the items of another, as web editors write it, belongs to the item before it. */
const nestLists = (page) => {
  for (const list of page.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
};

const wrap = (page, element, name) => {
  const around = page.createElement(name);
  around.append(...element.childNodes);
  element.append(around);
};

const sayInElements = (page) => {
  for (const element of page.querySelectorAll("b[data-style], strong[data-style]")) {
    if (NOT_BOLD.test(style(element))) element.replaceWith(...element.childNodes);
  }
  for (const element of page.querySelectorAll("i[data-style], em[data-style]")) {
    if (NOT_ITALIC.test(style(element))) element.replaceWith(...element.childNodes);
  }
  for (const span of page.querySelectorAll("span[data-style], font[data-style]")) {
    if (BOLD.test(style(span))) wrap(page, span, "strong");
    if (ITALIC.test(style(span))) wrap(page, span, "em");
  }
};

const counted = (number, one, many) => (number ? [`${number} ${number === 1 ? one : many}`] : []);

/* How words were set that the story sets plain: said once, however often. Links are always underlined and blue. */
const setPlain = (page) => {
  const styled = [...page.body.querySelectorAll("[data-style], [color], u")]
    .filter((one) => one.textContent.trim() && !one.closest("a") && !one.querySelector("a"));
  const other = (pattern, usual) => styled.some((one) => {
    const value = style(one).match(pattern)?.[1].trim();
    return value !== undefined && !usual.test(value);
  });
  const underlined = styled.some((one) => one.localName === "u" || UNDERLINED.test(style(one)));
  const coloured = other(COLOUR, INK) || styled.some((one) => one.hasAttribute("color"));
  return [
    ...(underlined ? ["underlining"] : []),
    ...(coloured ? ["text colour"] : []),
    ...(other(GROUND, NO_GROUND) ? ["highlighting"] : []),
  ];
};

const linksTo = (page, pattern) =>
  [...page.body.querySelectorAll('a[href*="#"]')].filter((link) => pattern.test(link.getAttribute("href")));

/* A mark often stands raised in an element of its own. */
const removeMark = (mark) => (mark.parentElement?.localName === "sup" ? mark.parentElement : mark).remove();

const removeComments = (page, styled) => {
  for (const link of linksTo(page, COMMENT_BACK)) (link.closest("p") ?? link).remove(); // the comment's words follow it
  const marks = [...new Set([...linksTo(page, COMMENTED), ...page.querySelectorAll(".msocomanchor")])];
  const texts = Math.max(styled(ONE_COMMENT).length, page.querySelectorAll(".msocomtxt").length);
  const noted = page.querySelectorAll(".MsoCommentReference, .msocomtxt, .MsoCommentText, .msocomoff");
  marks.forEach(removeMark);
  for (const element of [...styled(COMMENT), ...noted]) element.remove();
  return Math.max(marks.length, texts);
};

const removeFootnoteMarks = (page) => {
  const notes = linksTo(page, NOTE);
  notes.forEach(removeMark);
  return notes.filter((note) => !WAY_BACK.test(note.getAttribute("href"))).length;
};

/* Take out what is no part of the copy. Returns what that was, in words: ["1 picture", "2 comments"]. */
const leaveOut = (page, ours) => {
  const all = (selector) => [...page.body.querySelectorAll(selector)];
  const styled = (pattern) => all("[data-style]").filter((element) => pattern.test(style(element)));
  const outermost = (elements) =>
    elements.filter((one) => !elements.some((other) => other !== one && other.contains(one)));
  const comments = removeComments(page, styled);
  const deleted = outermost([...all("del, s, strike, .msoDel"), ...styled(DELETED)])
    .filter((one) => one.textContent.trim());
  for (const element of [...all("del, s, strike, .msoDel"), ...styled(DELETED), ...styled(HIDDEN)]) element.remove();
  const references = removeFootnoteMarks(page);
  const pictures = all(`img${ours}, picture, video, audio, iframe, object, embed, svg, canvas`);
  const leftOutHere = [
    ...counted(outermost(pictures).length, "picture", "pictures"),
    ...counted(comments, "comment", "comments"),
    ...counted(deleted.length, "deleted passage", "deleted passages"),
    ...counted(references, "footnote mark", "footnote marks"),
    ...setPlain(page),
  ];
  for (const element of [...pictures, ...all("button, input, select, textarea")]) element.remove();
  for (const end of all("o\\:p")) if (!end.textContent.trim()) end.remove(); // Word ends each paragraph with one
  return leftOutHere;
};

const leftOut = (left) => {
  if (!left.length) return "";
  const verb = left.length === 1 && !/^([2-9]|\d\d)/.test(left[0]) ? "was" : "were";
  const list = `${left.length > 1 ? `${left.slice(0, -1).join(", ")} and ` : ""}${left.at(-1)}`;
  return `${list[0].toUpperCase()}${list.slice(1)} ${verb} left out.`;
};

const tablesMade = (number) => {
  if (!number) return "";
  return number === 1 ? "1 table became lines." : `${number} tables became lines.`;
};

const rename = (page, element, name) => {
  const other = page.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
};

/* A table has no place in a story: each of its rows is a line, the innermost table's first. Returns how many tables
   there were; one that only lays out a page, a cell a row, is none. */
const makeLines = (page) => {
  const tables = [...page.querySelectorAll("table")].reverse();
  const real = tables.filter((table) => [...table.rows].some(({ cells }) => cells.length > 1)).length;
  for (const table of tables) {
    table.before(...table.querySelectorAll("caption"), ...[...table.rows].map((row) => lineOf(page, row)));
    table.remove();
  }
  return real;
};

const lineOf = (page, row) => {
  const line = page.createElement("p");
  for (const cell of [...row.cells].filter((one) => one.textContent.trim())) {
    for (const block of cell.querySelectorAll("p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, br")) {
      block.after(" ");
      block.replaceWith(...block.childNodes);
    }
    if (line.hasChildNodes()) line.append(BETWEEN_CELLS);
    line.append(...cell.childNodes);
  }
  return line;
};

/* `tell` is given what became of the rest, in words: "1 picture and 2 comments were left out. 1 table became lines." */
export const cleaned = (html, tell = () => {}) => {
  const page = new DOMParser().parseFromString(unstyled(html), "text/html");
  // What was cut or copied in an editor keeps the pictures of the library in it.
  const left = leftOut(leaveOut(page, html.includes("data-pm-slice") ? ":not([data-picture])" : ""));
  tell([left, tablesMade(makeLines(page))].filter(Boolean).join(" "));
  for (const [name, ours] of Object.entries(HEADINGS)) {
    for (const heading of [...page.querySelectorAll(name)]) rename(page, heading, ours);
  }
  makeLists(page);
  nestLists(page);
  sayInElements(page);
  for (const paragraph of page.querySelectorAll("p")) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector("br, img")) paragraph.remove();
  }
  return page.body.innerHTML;
};
