// A form, over the column of the person who fills it in.

import { element } from "./element.js";

export class Sheet {
  constructor(onSend, onClose) {
    Object.assign(this, { onSend, onClose, shown: "" });
    this.panel = element("div", { class: "sheet", role: "dialog", "aria-modal": "false", hidden: true });
    this.panel.addEventListener("submit", (event) => this.submit(event));
    this.panel.addEventListener("click", (event) => event.target.closest("[data-close]") && this.close());
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  get open() {
    return !this.panel.hidden;
  }

  // Draws only another form: what is typed in this one stays. Returns whether the sheet opened or closed.
  update(form, mayFocus) {
    const id = form?.id ?? "";
    if (id === this.shown) return false;
    this.shown = id;
    this.panel.hidden = id === "";
    this.panel.innerHTML = form?.html ?? ""; // made by our server, which escapes every literal
    if (id) this.panel.setAttribute("aria-labelledby", `${id}-title`);
    if (id && mayFocus) this.focus();
    return true;
  }

  focus() {
    const wrong = this.panel.querySelector(".wrong :is(input, select, textarea)");
    const first = this.panel.querySelector(".form-body :is(input, select, textarea)");
    const target = wrong ?? first ?? this.panel.querySelector("h3");
    target.focus({ preventScroll: true });
    wrong?.closest(".field").scrollIntoView({ block: "center" });
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    await this.onSend(form.dataset.form, values(form));
    button.disabled = false;
  }

  close() {
    this.onClose(this.shown);
  }
}

// By field key: text, or a list where several can be ticked.
function values(form) {
  const typed = {};
  for (const field of form.querySelectorAll("[data-key]")) {
    const controls = [...field.querySelectorAll("input, select, textarea")];
    const ticked = controls.filter((control) => control.checked).map((control) => control.value);
    if (controls[0].type === "checkbox") typed[field.dataset.key] = ticked;
    else if (controls[0].type === "radio") typed[field.dataset.key] = ticked[0] ?? "";
    else typed[field.dataset.key] = controls[0].value;
  }
  return typed;
}
