// The tabs of one column: the chat with the bot, the home, the channels, the chats with others.

import { element } from "./element.js";

export class Tabs {
  constructor(column, model, onPick) {
    Object.assign(this, { column, model, onPick });
    this.strip = element("div", { class: "tabs", role: "tablist", "aria-label": "Conversations" });
    this.strip.addEventListener("keydown", (event) => this.key(event));
  }

  update(person, chosen) {
    const shown = this.model.tabs(person.id).map((one) => [one.id, this.model.title(one, person.id), this.model.unread(one, person.id)]);
    shown.splice(1, 0, ["home", "Home", false]);
    // A tab that is made anew between press and release of a mouse button never hears of the click.
    const drawn = JSON.stringify([person.id, chosen, shown]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const tabs = shown.map(([id, title, unread]) => this.tab(id, title, chosen, unread));
    const hadFocus = this.strip.contains(document.activeElement);
    this.strip.replaceChildren(...tabs);
    const current = tabs.find((tab) => tab.dataset.tab === chosen);
    if (hadFocus) current?.focus();
    if (current) this.reveal(current);
  }

  reveal(tab) {
    const right = tab.offsetLeft + tab.offsetWidth;
    if (tab.offsetLeft < this.strip.scrollLeft) this.strip.scrollLeft = tab.offsetLeft;
    else if (right > this.strip.scrollLeft + this.strip.clientWidth) this.strip.scrollLeft = right - this.strip.clientWidth;
  }

  tab(id, title, chosen, unread) {
    const selected = id === chosen;
    const dot = unread && !selected ? element("span", { class: "dot" }, element("span", { class: "unseen" }, "new")) : null;
    return element("button", {
      type: "button", role: "tab", class: "tab", "data-tab": id, "aria-selected": String(selected),
      tabindex: selected ? "0" : "-1", "aria-controls": `${this.column}-pane`, onclick: () => this.onPick(id),
    }, title, dot);
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const tabs = [...this.strip.children];
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    this.onPick(next.dataset.tab);
  }
}
