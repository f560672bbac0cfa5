import assert from "node:assert/strict";
import test from "node:test";

import { Page } from "./page.mjs";

const clean = async (html) => {
  const page = new Page("");
  const { cleaned } = await page.load("admin/paste.js");
  let sentence = null;
  const result = cleaned(html, (words) => { sentence = words; });
  return { html: result, sentence };
};

/** A paragraph of a list as Word writes it. */
const item = (level, mark, words) => `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'>`.concat(
  `<span style='mso-list:Ignore'>${mark}<span>&nbsp; </span></span>${words}</p>`,
);

const TABLE = {
  "Word's list": [
    `${item(1, "·", "Roads")}${item(1, "·", "Ferries")}<p>After</p>`,
    "<ul><li>Roads</li><li>Ferries</li></ul><p>After</p>",
  ],
  "a list in a list, and back": [
    item(1, "·", "Roads") + item(2, "a)", "Coast") + item(2, "b)", "Hill") + item(1, "·", "Ferries"),
    "<ul><li>Roads<ol><li>Coast</li><li>Hill</li></ol></li><li>Ferries</li></ul>",
  ],
  "a list whose first paragraph is deeper than the next": [
    item(2, "1.", "Deep") + item(1, "1.", "Shallow"),
    "<ol><li>Deep</li><li>Shallow</li></ol>",
  ],
  "two lists with words between": [
    `${item(1, "1.", "One")}<p>Between</p>${item(1, "iv.", "Four")}`,
    "<ol><li>One</li></ol><p>Between</p><ol><li>Four</li></ol>",
  ],
  "a paragraph of a list's class without a mark": ["<p class=MsoListParagraph>x</p>", "<ul><li>x</li></ul>"],
  "a list whose first paragraph has no level": [
    `<p class=MsoListParagraph>Roads</p>${item(2, "a)", "Coast")}`, "<ul><li>Roads<ol><li>Coast</li></ol></li></ul>",
  ],
  "a list laid beside the items of another": [
    "<ul><li>Schools</li><ul><li>One to be mended</li></ul></ul>",
    "<ul><li>Schools<ul><li>One to be mended</li></ul></li></ul>",
  ],
  "bold that only a style says": [
    '<p><span style="font-weight:700">Bold</span> <span style="font-style: italic">slanted</span></p>',
    '<p><span data-style="font-weight:700"><strong>Bold</strong></span>'
      + ' <span data-style="font-style: italic"><em>slanted</em></span></p>',
  ],
  "a bold element that is not bold": [
    '<b style="font-weight:normal"><p>Plain</p></b><strong style="font-weight: 400">too</strong>', "<p>Plain</p>too",
  ],
  "bold that is bold": ['<b style="color:red">Yes</b>', '<b data-style="color:red">Yes</b>'],
  "headings of other ranks": [
    "<h1>One</h1><h2>Two</h2><h3>Three</h3><h4>Four</h4><h5>Five</h5><h6>Six</h6>",
    "<h2>One</h2><h2>Two</h2><h3>Three</h3><h3>Four</h3><h3>Five</h3><h3>Six</h3>",
  ],
  "a table": [
    "<table><caption>Votes</caption><tr><th>Ward<th><p>Votes</p><tr><td>Quay<td><p>7</p><p>of 9</p><td> </table>",
    "<caption>Votes</caption><p>Ward | Votes </p><p>Quay | 7 of 9 </p>",
  ],
  "a table in a table": [
    "<table><tr><td>Out<td><table><tr><td>In<td>side</table></table>", "<p>Out | In | side </p>",
  ],
  "empty paragraphs": ["<p>One</p><p> </p><p><br></p><p>&nbsp;</p><p>Two</p>", "<p>One</p><p><br></p><p>Two</p>"],
  "styles and handlers": [
    '<style>p { color: red }</style><p style="color:red" onclick="go()">x</p><style>p { color: red }</style >',
    '<p data-style="color:red" data-onclick="go()">x</p>',
  ],
};

for (const [what, [pasted, expected]] of Object.entries(TABLE)) {
  test(`pasted: ${what}`, async () => {
    const { html, sentence } = await clean(pasted);
    assert.equal(html, expected);
    assert.equal(sentence, "");
  });
}

const LEFT_OUT = {
  "what was deleted or struck out": [
    "<p>Kept <ins>added</ins><del> gone</del><s> crossed</s>"
      + "<span style='text-decoration: line-through'> struck</span></p>",
    "<p>Kept <ins>added</ins></p>",
    "3 deleted passages were left out.",
  ],
  "a deletion in a deletion, counted once": [
    "<p>Kept<del> a <s>b</s></del></p>", "<p>Kept</p>", "1 deleted passage was left out.",
  ],
  "a deletion of spaces, of which nobody is told": ["<p>Kept<del> </del></p>", "<p>Kept</p>", ""],
  "what is left of a comment without its mark": [
    "<p>Kept<span class=MsoCommentReference>[JS1]</span></p><p class=MsoCommentText>Is this libel?</p>",
    "<p>Kept</p>",
    "",
  ],
  "hidden words, of which nobody is told": ["<p>Kept<span style='mso-hide:all'> hidden</span></p>", "<p>Kept</p>", ""],
  "pictures, with their frames": [
    '<p>Kept</p><picture><img src="a.png"></picture><p><img src="b.png"></p>',
    "<p>Kept</p>",
    "2 pictures were left out.",
  ],
  "a comment in the margin and its mark": [
    "<p>Kept<a class=msocomanchor href='#_msocom_1'>[JS1]</a></p><div style='mso-element:comment-list'>"
      + "<div style='mso-element:comment'><div class=msocomtxt>"
      + "<p class=MsoCommentText>Is this libel?</p></div></div></div>",
    "<p>Kept</p>",
    "1 comment was left out.",
  ],
  "marks of footnotes, and their ways back": [
    "<p>Kept<a href='#_ftn1'>[1]</a> and<a href='#_edn1'>[i]</a></p><p><a href='#_ftnref1'>[1]</a> The note.</p>",
    "<p>Kept and</p><p> The note.</p>",
    "2 footnote marks were left out.",
  ],
  "some of everything, in one sentence": [
    "<p>Kept<del> gone</del><a href='#_ftn1'>[1]</a></p><img src=a.png>",
    "<p>Kept</p>",
    "1 picture, 1 deleted passage and 1 footnote mark were left out.",
  ],
};

for (const [what, [pasted, expected, sentence]] of Object.entries(LEFT_OUT)) {
  test(`left out: ${what}`, async () => {
    assert.deepEqual(await clean(pasted), { html: expected, sentence });
  });
}

test("a paste is cleaned although nobody wants to be told", async () => {
  const { cleaned } = await new Page("").load("admin/paste.js");
  assert.equal(cleaned("<h1>A</h1><img src=x.png>"), "<h2>A</h2>");
});

test("of pictures only those are kept that were cut or copied in an editor of ours", async () => {
  const ours = '<img data-picture="stories/2026/12/wall.png" alt="A wall">';
  const foreign = '<img src="https://elsewhere.example/a.png">';
  assert.deepEqual(await clean(`<p data-pm-slice="0 0 []">One</p>${ours}${foreign}`), {
    html: `<p data-pm-slice="0 0 []">One</p>${ours}`, sentence: "1 picture was left out.",
  });
  assert.deepEqual(await clean(`<p>One</p>${ours}`), { html: "<p>One</p>", sentence: "1 picture was left out." });
});
