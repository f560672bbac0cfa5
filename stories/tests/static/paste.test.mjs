import assert from "node:assert/strict";
import test from "node:test";

import { editorField, Page } from "./page.mjs";

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
  "bold that is bold": [
    '<b style="color:red">Yes</b>', '<b data-style="color:red">Yes</b>',
    "Text colour was left out.",
  ],
  "headings of other ranks": [
    "<h1>One</h1><h2>Two</h2><h3>Three</h3><h4>Four</h4><h5>Five</h5><h6>Six</h6>",
    "<h2>One</h2><h2>Two</h2><h3>Three</h3><h3>Four</h3><h3>Five</h3><h3>Six</h3>",
  ],
  "a table": [
    "<table><caption>Votes</caption><tr><th>Ward<th><p>Votes</p><tr><td>Quay<td><p>7</p><p>of 9</p><td> </table>",
    "<caption>Votes</caption><p>Ward | Votes </p><p>Quay | 7 of 9 </p>",
    "1 table became lines.",
  ],
  "a table in a table": [
    "<table><tr><td>Out<td><table><tr><td>In<td>side</table></table>", "<p>Out | In | side </p>",
    "2 tables became lines.",
  ],
  "empty paragraphs": ["<p>One</p><p> </p><p><br></p><p>&nbsp;</p><p>Two</p>", "<p>One</p><p><br></p><p>Two</p>"],
  "styles and handlers": [
    '<style>p { color: red }</style><p style="color:red" onclick="go()">x</p><style>p { color: red }</style >',
    '<p data-style="color:red" data-onclick="go()">x</p>',
    "Text colour was left out.",
  ],
};

for (const [what, [pasted, expected, told = ""]] of Object.entries(TABLE)) {
  test(`pasted: ${what}`, async () => {
    const { html, sentence } = await clean(pasted);
    assert.equal(html, expected);
    assert.equal(sentence, told);
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

/* What the editor takes, in the shape in which each program writes it to the clipboard, and what is said. */
const PROGRAMS = {
  "Word": [
    `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:st1="urn:schemas-microsoft-com:office:smarttags">
    <head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm;} --></style></head>
    <body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
    <h1>The harbour wall<o:p></o:p></h1>
    <p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Ann Wharfe</b> of <st1:City w:st="on">Eastmere</st1:City>
    <i style='mso-bidi-font-style:normal'>denied</i> it<span style='mso-bidi-font-weight:bold'> twice</span>.<a
    href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a><del cite="mailto:Sub" datetime="2031-03-04T10:00">Cut.</del><ins
    cite="mailto:Sub">Added.</ins><span class=MsoCommentReference><a class=msocomanchor
    href="#_msocom_1">[JS1]</a></span></p>
    <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
    style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>Walls</p>
    <p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)</span>High</p>
    <table class=MsoTableGrid><tr><td><p class=MsoNormal>Ward</p></td><td><p class=MsoNormal>7</p></td></tr></table>
    <p class=MsoNormal><span style='color:red'>Red</span> <span style='background:yellow;mso-highlight:yellow'>marked
    </span><!--[if gte vml 1]><v:shape></v:shape><![endif]--><![if !vml]><img src="file:///C:/image001.png"><![endif]>
    <o:p>&nbsp;</o:p></p>
    <div style='mso-element:comment-list'><div style='mso-element:comment'><div class=msocomtxt><p
    class=MsoCommentText>Who says so?</p></div></div></div><!--EndFragment--></body></html>`,
    "<h2>The harbour wall</h2><p><strong>Ann Wharfe</strong> of Eastmere <em>denied</em> it twice.Added.</p>"
      + '<ul><li><p>Walls</p><ol data-type="decimal"><li><p>High</p></li></ol></li></ul>'
      + "<p>Ward | 7</p><p>Red marked</p>",
    "1 picture, 1 comment, 1 deleted passage, 1 footnote mark, text colour and highlighting were left out. "
      + "1 table became lines.",
  ],
  "Google Docs": [
    `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0a"><h1 dir="ltr"><span
    style="font-size:20pt;color:#000000;font-weight:400;">The wall</span></h1><p dir="ltr"><span
    style="color:#000000;background-color:transparent;font-weight:700;font-style:normal;">Ann Wharfe</span><span
    style="color:#000000;font-weight:400;font-style:normal;"> said </span><span
    style="font-weight:400;font-style:italic;color:#000000">no</span><span
    style="color:#ff0000;text-decoration:underline;">!</span></p><ul><li dir="ltr" style="font-weight:700;"
    aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">Walls</span></p></li><ul><li
    aria-level="2"><p role="presentation"><span>High</span></p></li></ul></ul><p><a href="https://post.example/"
    style="text-decoration:none"><span style="color:#1155cc;text-decoration:underline">The Post</span></a></p></b>`,
    "<h2>The wall</h2><p><strong>Ann Wharfe</strong> said <em>no</em>!</p><ul><li><p>Walls</p><ul><li><p>High</p>"
      + '</li></ul></li></ul><p><a href="https://post.example/">The Post</a></p>',
    "Underlining and text colour were left out.",
  ],
  "LibreOffice": [
    `<p style="line-height: 100%"><font color="#c9211e"><b>Ann Wharfe</b></font> said no<a class="sdfootnoteanc"
    name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>.<del title="Deleted: Sub">Cut.</del></p><div
    id="sdfootnote1"><p><a class="sdfootnotesym" href="#sdfootnote1anc">1</a> At the meeting.</p></div>`,
    "<p><strong>Ann Wharfe</strong> said no.</p><p>At the meeting.</p>",
    "1 deleted passage, 1 footnote mark and text colour were left out.",
  ],
  "Outlook": [
    `<div class=WordSection1><p class=MsoNormal><span style='font-size:11.0pt'>Copy as agreed:<o:p></o:p></span></p>
    <p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><b>From:</b> Ann Wharfe<br><b>Sent:</b>
    Monday</p></div>`,
    "<p>Copy as agreed:</p><p><strong>From:</strong> Ann Wharfe<br><strong>Sent:</strong> Monday</p>",
    "",
  ],
  "a web page": [
    `<article><h2 style="color: rgb(0, 0, 0); font-weight: 700;">The wall</h2><figure><img src="a.png"><figcaption>The
    wall</figcaption></figure><p><span style="font-weight: bold">It stands</span>.<sup class="reference"><a
    href="#cite_note-3">[3]</a></sup></p><button>Share</button><script>steal()</script></article>`,
    "<h2>The wall</h2><p>The wall</p><p><strong>It stands</strong>.</p>",
    "1 picture and 1 footnote mark were left out.",
  ],
};

for (const [program, [pasted, expected, told]] of Object.entries(PROGRAMS)) {
  test(`the editor takes what ${program} writes, and says what became of the rest`, async () => {
    const page = new Page(`<form>${editorField("body", "")}</form>`);
    page.run("admin/early.js");
    await page.loadEditors();
    await page.load("admin/forms.js");
    const [{ editor }] = page.window.deskEditors;
    editor.view.pasteHTML(pasted.replace(/\n\s*/g, " ").replace(/> (?=<(?:p|h\d|table|div|\/|ul|figure))/g, ">"),
      new page.window.Event("paste"));
    assert.equal(editor.getHTML().replace(/ (?=<\/p>)/g, ""), expected);
    assert.equal(page.find(".left-out-words").textContent, told);
    const dismiss = page.find(".left-out button");
    assert.equal(dismiss.hidden, !told);
    dismiss.click();
    assert.deepEqual([page.find(".left-out-words").textContent, dismiss.hidden], ["", true]);
    editor.commands.undo();
    assert.equal(editor.getText(), "", "the paste is taken back in one step");
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
