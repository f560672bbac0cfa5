/* The body editor announces itself once, and may do so before story.js runs: what it said is kept for it. */
"use strict";
window.deskEditors = [];
document.addEventListener("prose-editor:ready", (event) => window.deskEditors.push(event.detail));
