/* Pasted HTML before the editor takes it, which drops what is not ours. What only a style says is said in
   elements first: Word's lists are paragraphs with a typed mark, a web editor's bold is a span. No style
   reaches a parser: the page's policy would be broken by the attempt. */

const LISTED = /mso-list:\s*l\d/i;
const LEVEL = /mso-list:[^;]*\blevel(\d)/i;
const TYPED_MARK = /mso-list:\s*ignore/i;
const NOT_BOLD = /font-weight:\s*(normal|[1-5]00)/i;
const BOLD = /font-weight:\s*(bold|[6-9]00)/i;
const ITALIC = /font-style:\s*italic/i;

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

const makeLists = (page) => {
  for (const paragraph of [...page.querySelectorAll("p")].filter(isItem)) {
    if (!paragraph.isConnected) continue;
    const open = []; // the list of each level, from the outermost to the one that is being filled
    for (let next = paragraph; isItem(next); ) {
      const following = next.nextElementSibling;
      const level = levelOf(next);
      while (open.length > 1 && open.at(-1).level > level) open.pop();
      if (!open.length || open.at(-1).level < level) {
        const list = listFor(page, next);
        const parent = open.at(-1)?.list.lastElementChild;
        if (parent) parent.append(list);
        else paragraph.before(list);
        open.push({ level, list });
      }
      for (const span of [...next.querySelectorAll("span")].filter(isMark)) span.remove();
      const item = page.createElement("li");
      item.append(...next.childNodes);
      open.at(-1).list.append(item);
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

export const cleaned = (html) => {
  const page = new DOMParser().parseFromString(unstyled(html), "text/html");
  makeLists(page);
  nestLists(page);
  sayInElements(page);
  for (const paragraph of page.querySelectorAll("p")) {
    if (!paragraph.textContent.trim() && !paragraph.querySelector("br")) paragraph.remove();
  }
  return page.body.innerHTML;
};
