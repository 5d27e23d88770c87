// "Try this": the main path in a few steps, until the visitor closes it.

import { element } from "./element.js";

export function showGuide(steps, kept) {
  const strip = document.getElementById("guide");
  const fold = document.getElementById("guide-fold");
  if (kept.get("guideClosed") || steps.length === 0) return;
  document.getElementById("guide-steps").append(...steps.map((step) => element("li", {}, ...parts(step))));
  const open = (wide) => {
    strip.classList.toggle("folded", !wide);
    fold.setAttribute("aria-expanded", String(wide));
  };
  fold.addEventListener("click", () => open(strip.classList.contains("folded")));
  document.getElementById("guide-close").addEventListener("click", () => {
    strip.hidden = true;
    kept.set("guideClosed", true);
  });
  const wide = matchMedia("(min-width: 900px)");
  wide.addEventListener("change", () => open(wide.matches));
  open(wide.matches);
  strip.hidden = false;
}

// What stands between backticks is to be typed or looked for as it is.
function parts(step) {
  return step.split("`").map((part, index) => (index % 2 ? element("code", {}, part) : part));
}
