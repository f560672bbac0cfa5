/* Generated from stories/text/normalise.py: python -m stories.text.normalise */

const PLAIN = {
  "\u201c": "\"",
  "\u201d": "\"",
  "\u201e": "\"",
  "\u201f": "\"",
  "\u00ab": "\"",
  "\u00bb": "\"",
  "\u2033": "\"",
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201b": "'",
  "\u2039": "'",
  "\u203a": "'",
  "\u2032": "'",
  "\u00b4": "'",
  "`": "'",
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2015": "-",
  "\u2212": "-",
  "\u00a0": " ",
  "\u2007": " ",
  "\u202f": " "
};
const ANY = /[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4\u0060\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00a0\u2007\u202f]/g;

/** Typographic marks as plain ones, one character for one. */
export const plainMarks = (text) => text.replace(ANY, (mark) => PLAIN[mark]);

/** Quotation marks and spaces, and commas at the end, around words. */
export const OUTER = /^[\u0022\u0027\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4\u0060\s]+|[\u0022\u0027\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2018\u2019\u201a\u201b\u2039\u203a\u2032\u00b4\u0060\s,]+$/g;
