// The list of colleagues: always there at the side of a wide window, behind a person's name in a column.

import { avatar, element } from "./element.js";

// What somebody is in this story, then what they are in the company.
export function role(person, words) {
  const rest = words.filter(Boolean).join(" · ");
  if (!person.note) return [rest];
  return [element("span", { class: "note" }, person.note), rest ? ` · ${rest}` : ""];
}

export class PeopleList {
  constructor(list, model, onPick) {
    Object.assign(this, { list, model, items: new Map() });
    for (const person of model.people.values()) {
      const item = this.item(person, onPick);
      this.items.set(person.id, item);
      list.append(element("li", {}, item));
    }
    list.addEventListener("keydown", (event) => this.move(event));
  }

  item(person, onPick) {
    const lines = element("span", { class: "person-lines" },
      element("span", { class: "person-name" }, person.name),
      element("span", { class: "person-title" }, ...role(person, [person.title || person.department])));
    const dot = element("span", { class: "dot" }, element("span", { class: "unseen" }, "has a new message"));
    return element("button", { type: "button", class: "person-item", onclick: () => onPick(person.id) },
      avatar(person), lines, dot);
  }

  move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.items.values()];
    const next = items[items.indexOf(document.activeElement) + step];
    next?.focus();
  }

  update(people, shown, active) {
    for (const id of people) {
      const item = this.items.get(id);
      if (!item) continue;
      item.classList.toggle("waiting", this.model.waiting(id));
      item.classList.toggle("shown", shown.includes(id));
      if (id === active) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  }
}
