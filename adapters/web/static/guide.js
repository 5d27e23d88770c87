// "Try this": the main path in a few steps, until the visitor closes it.

import { element } from "./element.js";

const CODE = /(\/mentor [a-z]+|#[a-z]+)/;

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
  open(matchMedia("(min-width: 900px)").matches);
  strip.hidden = false;
}

function parts(step) {
  return step.split(CODE).map((part) => (CODE.test(part) ? element("code", {}, part) : part));
}
