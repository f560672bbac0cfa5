/* Pasted HTML before the editor takes it, which drops what is not ours. What only a style says is said in
   elements first: Word's lists are paragraphs with a typed mark, a web editor's bold is a span. What was
   deleted, struck out, hidden or noted in the margin is no part of the copy and stays out, as on the server
   (text/richtext.py). No style reaches a parser: the page's policy would be broken by the attempt. */

const LISTED = /mso-list:\s*l\d/i;
const LEVEL = /mso-list:[^;]*\blevel(\d)/i;
const TYPED_MARK = /mso-list:\s*ignore/i;
const NOT_BOLD = /font-weight:\s*(normal|[1-5]00)/i;
const BOLD = /font-weight:\s*(bold|[6-9]00)/i;
const ITALIC = /font-style:\s*italic/i;
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
  for (const span of page.querySelectorAll("span[data-style]")) {
    if (BOLD.test(style(span))) wrap(page, span, "strong");
    if (ITALIC.test(style(span))) wrap(page, span, "em");
  }
};

const counted = (number, one, many) => (number ? [`${number} ${number === 1 ? one : many}`] : []);

/* Take out what is no part of the copy. Returns what that was, in words: ["1 picture", "2 comments"]. */
const leaveOut = (page, ours) => {
  const all = (selector) => [...page.body.querySelectorAll(selector)];
  const styled = (pattern) => all("[data-style]").filter((element) => pattern.test(style(element)));
  const outermost = (elements) =>
    elements.filter((one) => !elements.some((other) => other !== one && other.contains(one)));
  const marks = all('a[href*="#_msocom_"], .msocomanchor');
  const texts = styled(ONE_COMMENT);
  const comments = Math.max(marks.length, texts.length, all(".msocomtxt").length);
  const noted = all(".MsoCommentReference, .msocomtxt, .MsoCommentText, .msocomoff");
  for (const element of [...marks, ...styled(COMMENT), ...noted]) element.remove();
  const deleted = outermost([...all("del, s, strike, .msoDel"), ...styled(DELETED)])
    .filter((one) => one.textContent.trim());
  for (const element of [...all("del, s, strike, .msoDel"), ...styled(DELETED), ...styled(HIDDEN)]) element.remove();
  const notes = all('a[href*="#_ftn"], a[href*="#_edn"]');
  const references = notes.filter((note) => !/#_(ftn|edn)ref/.test(note.getAttribute("href")));
  for (const note of notes) note.remove();
  const pictures = all(`img${ours}, picture, video, audio, iframe, object, embed, svg, canvas`);
  const leftOut = [
    ...counted(outermost(pictures).length, "picture", "pictures"),
    ...counted(comments, "comment", "comments"),
    ...counted(deleted.length, "deleted passage", "deleted passages"),
    ...counted(references.length, "footnote mark", "footnote marks"),
  ];
  for (const picture of pictures) picture.remove();
  return leftOut;
};

const sentence = (left) => {
  if (!left.length) return "";
  const verb = left.length === 1 && left[0].startsWith("1 ") ? "was" : "were";
  return `${left.length > 1 ? `${left.slice(0, -1).join(", ")} and ` : ""}${left.at(-1)} ${verb} left out.`;
};

const rename = (page, element, name) => {
  const other = page.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
};

/* A table has no place in a story: each of its rows is a line, the innermost table's first. */
const makeLines = (page) => {
  for (const table of [...page.querySelectorAll("table")].reverse()) {
    table.before(...table.querySelectorAll("caption"), ...[...table.rows].map((row) => lineOf(page, row)));
    table.remove();
  }
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

/* `tell` is given what was left out, in words: "1 picture and 2 comments were left out." */
export const cleaned = (html, tell = () => {}) => {
  const page = new DOMParser().parseFromString(unstyled(html), "text/html");
  // What was cut or copied in an editor keeps the pictures of the library in it.
  tell(sentence(leaveOut(page, html.includes("data-pm-slice") ? ":not([data-picture])" : "")));
  makeLines(page);
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
