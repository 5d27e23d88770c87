// The text box below a chat, with a menu of commands that opens on a slash.

import { element } from "./element.js";

let made = 0;

export class Composer {
  constructor(hints, onSend) {
    Object.assign(this, { hints, onSend, offered: [], at: 0, menuId: `menu-${(made += 1)}` });
    this.box = element("textarea", {
      rows: "1", class: "composer-box", role: "combobox", "aria-expanded": "false", "aria-controls": this.menuId,
      "aria-autocomplete": "list", "aria-label": "Write a message", autocomplete: "off", spellcheck: "false",
      oninput: () => this.changed(), onkeydown: (event) => this.key(event), onblur: () => this.offer([]),
    });
    this.menu = element("ul", { class: "menu", role: "listbox", id: this.menuId, "aria-label": "Commands", hidden: true });
    this.button = element("button", { type: "submit", class: "send", "aria-label": "Send" }, "↑");
    this.form = element("form", { class: "composer", onsubmit: (event) => this.submit(event) }, this.menu, this.box, this.button);
  }

  invite(words) {
    this.box.placeholder = words;
  }

  fill(words) {
    this.box.value = words;
    this.box.focus();
    this.changed();
  }

  changed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 120)}px`;
    const typed = this.box.value.toLowerCase();
    const fits = (hint) => `/mentor ${hint.words}`.startsWith(typed) && `/mentor ${hint.words}` !== typed.trimEnd();
    this.offer(typed.startsWith("/") ? this.hints.filter(fits) : []);
  }

  offer(hints) {
    this.offered = hints;
    this.at = 0;
    this.menu.replaceChildren(...hints.map((hint, index) => this.option(hint, index)));
    this.menu.hidden = hints.length === 0;
    this.box.setAttribute("aria-expanded", String(hints.length > 0));
    this.mark();
  }

  option(hint, index) {
    const words = element("span", { class: "menu-words" }, `/mentor ${hint.words}`);
    const pick = (event) => {
      event.preventDefault(); // the box keeps the focus
      this.pick(index);
    };
    const attributes = { role: "option", id: `${this.menuId}-${index}`, onmousedown: pick };
    return element("li", attributes, words, element("span", { class: "menu-meaning" }, hint.meaning));
  }

  mark() {
    [...this.menu.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.at)));
    const marked = this.menu.children[this.at];
    if (marked) this.box.setAttribute("aria-activedescendant", marked.id);
    else this.box.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  pick(index) {
    this.box.value = `/mentor ${this.offered[index].words}`;
    this.offer([]);
  }

  key(event) {
    if (event.isComposing) return;
    if (this.offered.length > 0 && this.menuKey(event)) event.preventDefault();
    else if (event.key === "Enter" && !event.shiftKey) this.submit(event);
  }

  menuKey(event) {
    const count = this.offered.length;
    const typed = this.box.value.trimEnd();
    if (event.key === "ArrowDown") this.at = (this.at + 1) % count;
    else if (event.key === "ArrowUp") this.at = (this.at + count - 1) % count;
    else if (event.key === "Escape") this.offer([]);
    else if (event.key === "Tab" || (event.key === "Enter" && typed !== "/mentor")) this.pick(this.at);
    else return false;
    if (this.offered.length > 0) this.mark();
    return true;
  }

  async submit(event) {
    event.preventDefault();
    const words = this.box.value.trim();
    if (!words) return;
    this.box.value = "";
    this.changed();
    if (!(await this.onSend(words)) && !this.box.value) this.fill(words); // nothing typed is lost
  }
}
