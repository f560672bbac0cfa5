/* The focal point of a picture: set by a click, moved with the arrow keys, seen in the crops beside it. */
"use strict";
{
  const STEP = 0.01;
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const within = (value) => Math.min(1, Math.max(0, Math.round(value * 100) / 100));

  /* How far a crop is moved along a side, as `object-position` wants it: as `centring` of renditions.py does. */
  function moved(own, shown, focus) {
    const over = own - shown;
    return over > 0.5 ? Math.min(Math.max(focus * own - shown / 2, 0), over) / over : 0.5;
  }

  function start(frame) {
    const [x, y] = ["id_focus_x", "id_focus_y"].map((id) => document.getElementById(id));
    if (!x || !y) return;
    const image = frame.querySelector("img");
    const crops = document.querySelectorAll(".focus-crop");
    const ring = document.createElement("button");
    ring.type = "button";
    ring.className = "focus-ring";
    ring.setAttribute("aria-label", "Focal point: move it with the arrow keys");
    frame.append(ring);

    function draw() {
      const at = [x, y].map((input) => within(Number(input.value)));
      ring.style.left = `${at[0] * 100}%`;
      ring.style.top = `${at[1] * 100}%`;
      const own = [Number(image.getAttribute("width")), Number(image.getAttribute("height"))];
      for (const crop of crops) {
        const box = [crop.clientWidth, crop.clientHeight];
        const scale = Math.max(box[0] / own[0], box[1] / own[1]);
        const parts = [0, 1].map((side) => moved(own[side], box[side] / scale, at[side]));
        crop.style.objectPosition = parts.map((part) => `${part * 100}%`).join(" ");
      }
    }

    function set(across, down) {
      [[x, across], [y, down]].forEach(([input, value]) => {
        input.value = String(within(value));
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }

    frame.addEventListener("click", (event) => {
      if (event.target === ring) return;
      const box = image.getBoundingClientRect();
      set((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
    ring.addEventListener("keydown", (event) => {
      const way = KEYS[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? STEP * 10 : STEP;
      set(Number(x.value) + way[0] * step, Number(y.value) + way[1] * step);
    });
    for (const input of [x, y]) input.addEventListener("input", draw);
    window.addEventListener("resize", draw);
    draw();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-focus]").forEach(start));
}
