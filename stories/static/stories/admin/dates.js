/* Django's calendar and clock, in the desk's one form of a date and by the clock of 24 hours. */
"use strict";
{
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December"];
  const format = Date.prototype.strftime;
  const parse = String.prototype.strptime;

  /* No leading nought: "8 November 2014". */
  Date.prototype.strftime = function strftime(pattern) {
    const words = format.call(this, pattern);
    return pattern.startsWith("%d %B") ? words.replace(/^0/, "") : words;
  };

  /* Django's own reads figures only. */
  String.prototype.strptime = function strptime(pattern) {
    if (!pattern.startsWith("%d %B")) return parse.call(this, pattern);
    const [, day, word, year] = this.trim().match(/^(\d{1,2}) ([A-Za-z]+) (\d{4})$/) ?? [];
    const month = MONTHS.findIndex((name) => word && name.toLowerCase().startsWith(word.toLowerCase()));
    return new Date(month < 0 ? NaN : Date.UTC(Number(year), month, Number(day)));
  };

  if (window.DateTimeShortcuts) {
    window.DateTimeShortcuts.clockHours.default_ = [["Now", -1], ["06:00", 6], ["09:00", 9], ["12:00", 12],
      ["17:00", 17], ["21:00", 21]];
  }
}
