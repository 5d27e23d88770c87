// One person's screen: who they are, their conversations, a text box, and the form they fill in.

import { Composer } from "./composer.js";
import { avatar, element } from "./element.js";
import { Messages } from "./messages.js";
import { PeopleList, role } from "./people.js";
import { Sheet } from "./sheet.js";
import { Tabs } from "./tabs.js";
import { city, show } from "./time.js";

const DOUBLE_CLICK = 500; // milliseconds in which a second click on the same button is a slip of the finger

export class Column {
  constructor(number, model, page) {
    Object.assign(this, { model, page, person: null, tab: "", chosen: new Map() });
    const id = `column-${number}`;
    this.pane = element("div", { class: "pane", id: `${id}-pane`, role: "tabpanel", tabindex: "0" });
    this.messages = new Messages(model, this.pane);
    this.tabs = new Tabs(id, model, (tab) => this.pickTab(tab));
    this.composer = new Composer(model.company.hints, (words) => this.say(words));
    this.sheet = new Sheet((form, values) => this.act("submit", { form, values }), (form) => this.act("close", { form }));
    this.node = element("section", { class: "column" }, this.makeHead(id), this.tabs.strip, this.pane, this.composer.form, this.picker, this.sheet.panel);
    this.node.addEventListener("focusin", () => page.activate(this));
    this.node.addEventListener("pointerdown", () => page.activate(this));
    this.pane.addEventListener("click", (event) => this.clicked(event));
  }

  makeHead(id) {
    const list = element("ul", { class: "people" });
    this.picker = element("div", { class: "picker", id: `${id}-people`, hidden: true }, list);
    this.people = new PeopleList(list, this.model, (person) => this.picked(person));
    this.face = element("span", { class: "face" });
    this.name = element("span", { class: "who-name" });
    this.role = element("span", { class: "who-role" });
    this.others = element("span", { class: "dot", title: "Somebody else has a new message" });
    this.local = element("span", { class: "who-local" });
    const lines = element("span", { class: "who-lines" }, this.name, this.role);
    this.switch = element("button", {
      type: "button", class: "who-switch", "aria-expanded": "false", "aria-controls": `${id}-people`, onclick: () => this.togglePicker(),
    }, this.face, lines, element("span", { class: "chevron", "aria-hidden": "true" }), this.others);
    this.picker.addEventListener("keydown", (event) => event.key === "Escape" && this.togglePicker(false));
    return element("header", { class: "who" }, this.switch, this.local);
  }

  // Showing somebody ------------------------------------------------------------------------------------------------

  show(id) {
    this.person = this.model.people.get(id);
    this.node.setAttribute("aria-label", this.person.name);
    this.node.dataset.person = id;
    this.face.replaceChildren(avatar(this.person));
    this.name.textContent = this.person.name;
    this.role.replaceChildren(...role(this.person, [this.person.title, this.person.department]));
    this.sheet.update(null, false);
    this.sheet.update(this.model.forms.get(id), false);
    this.cover();
    this.openTab(this.chosen.get(id) ?? `bot:${id}`);
    this.tick();
    this.page.arrive(id);
  }

  tick() {
    const place = this.person.location || city(this.person.timezone);
    this.local.replaceChildren(show(this.model.now, this.person.timezone, "short"), element("small", {}, place));
  }

  pickTab(tab) {
    this.openTab(tab);
    this.tabs.strip.querySelector('[aria-selected="true"]')?.focus();
    if (tab === "home") this.act("home", {});
  }

  openTab(tab) {
    this.tab = tab;
    this.chosen.set(this.person.id, tab);
    this.node.classList.toggle("at-home", tab === "home");
    if (tab === "home") this.messages.rest();
    if (tab === "home") this.drawHome(true);
    else this.messages.open(tab, this.person);
    this.composer.form.hidden = tab === "home";
    this.composer.invite(this.invitation());
    this.seen();
  }

  invitation() {
    const kind = this.model.conversations.get(this.tab)?.kind;
    if (kind === "bot") return "Write to Flipside or type /mentor";
    if (kind === "channel") return "Write to all or type /mentor";
    return "Write a message …";
  }

  // News ------------------------------------------------------------------------------------------------------------

  update(touched) {
    if (touched.conversations.has(this.tab)) this.messages.update();
    if (touched.people.has(this.person.id)) {
      if (this.tab === "home") this.drawHome(false);
      const opened = this.sheet.update(this.model.forms.get(this.person.id), this.model.acted === this.person.id);
      if (opened) this.cover();
    }
    this.seen();
  }

  // While a form is open the rest of the column rests; when it closes the focus comes back to the text box.
  cover() {
    for (const part of [this.tabs.strip, this.pane, this.composer.form]) part.inert = this.sheet.open;
    if (!this.sheet.open && this.model.acted === this.person.id && this.page.active === this) this.restFocus();
  }

  restFocus() {
    const target = this.composer.form.hidden ? this.pane : this.composer.box;
    target.focus({ preventScroll: true });
  }

  seen() {
    const conversation = this.model.conversations.get(this.tab);
    if (conversation) {
      this.model.markSeen(conversation, this.person.id);
      if (this.model.visible(conversation, this.person.id).length === 0) this.drawEmpty();
    }
    this.tabs.update(this.person, this.tab);
  }

  drawHome(opening) {
    const home = this.model.homes.get(this.person.id);
    if (!opening && home?.version === this.homeVersion) return;
    this.homeVersion = home?.version;
    const card = element("div", { class: "home body" });
    if (home) card.innerHTML = home.html; // made by our server, which escapes every literal
    else card.append(element("p", { class: "quiet" }, "One moment …"));
    this.pane.replaceChildren(card);
    if (opening) this.pane.scrollTop = 0;
  }

  drawEmpty() {
    const words = {
      bot: ["Nothing here yet. Try ", "/mentor help"],
      channel: ["Nobody has written here yet. A coordinator opens the program with ", "/mentor open"],
    }[this.model.conversations.get(this.tab).kind] ?? ["Nobody has written here yet. The bot cannot read this chat.", ""];
    const chip = element("button", { type: "button", class: "chip", onclick: () => this.composer.fill(words[1]) }, words[1]);
    this.pane.replaceChildren(element("p", { class: "empty" }, words[0], words[1] ? chip : null));
  }

  updatePeople(people, shown) {
    this.people.update(people, shown, this.person.id);
    const others = [...this.model.people.keys()].some((id) => !shown.includes(id) && this.model.waiting(id));
    this.others.hidden = !others;
  }

  // Acting ----------------------------------------------------------------------------------------------------------

  act(name, body) {
    return this.page.act(name, { person: this.person.id, ...body });
  }

  say(words) {
    return this.act("say", { conversation: this.tab, text: words });
  }

  async clicked(event) {
    const button = event.target.closest("button[data-action], button[data-chat]");
    if (!button || button.disabled || event.detail > 1) return;
    button.disabled = true;
    const rest = new Promise((resolve) => setTimeout(resolve, DOUBLE_CLICK));
    if (button.dataset.chat) await this.openChat(button.dataset.chat);
    else await this.act("press", { message: this.messageOf(button), action: button.dataset.action });
    await rest;
    button.disabled = false;
  }

  messageOf(button) {
    return button.closest("[data-message]")?.dataset.message ?? "home";
  }

  async openChat(other) {
    const known = this.model.between(this.person.id, other);
    if (!known && !(await this.act("chat", { with: other }))) return;
    this.openTab(known ?? this.model.between(this.person.id, other));
    this.restFocus();
  }

  picked(id) {
    this.togglePicker(false);
    this.page.put(this, id);
  }

  togglePicker(open = this.picker.hidden) {
    this.picker.hidden = !open;
    this.switch.setAttribute("aria-expanded", String(open));
    if (open) (this.picker.querySelector("[aria-current]") ?? this.picker.querySelector("button")).focus();
    else this.switch.focus();
  }
}
