// The messages of one conversation as one person sees them. Only what is new or changed is drawn.

import { avatar, botAvatar, element } from "./element.js";
import { show } from "./time.js";

const QUIET_MINUTES = 5; // messages of one author this close together share one head

export class Messages {
  constructor(model, pane) {
    Object.assign(this, { model, pane, drawn: new Map(), last: null, following: true, atEnd: true });
    this.below = element("button", { type: "button", class: "below", onclick: () => this.toBottom() }, "New messages ↓");
    pane.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.conversation && this.atEnd && this.toBottom()).observe(pane);
  }

  // Starts over, for another person or another conversation, at the beginning of the newest message.
  open(conversation, person) {
    Object.assign(this, { conversation, person, drawn: new Map(), last: null });
    this.pane.replaceChildren();
    this.update();
    this.toBottom();
    if (this.newest) this.pane.scrollTop = Math.min(this.pane.scrollTop, this.newest.offsetTop - 12);
  }

  get newest() {
    return [...this.drawn.values()].at(-1)?.node;
  }

  update() {
    const messages = this.model.visible(this.model.conversations.get(this.conversation), this.person.id);
    const fresh = messages.sort((a, b) => a.first - b.first).filter((message) => this.draw(message));
    if (fresh.length > 0) this.reveal(fresh[0]);
  }

  // Goes to the first new message, unless the reader is elsewhere: then a button says that there is news below.
  reveal(message) {
    const { node } = this.drawn.get(message.id);
    if (!this.following && message.author !== this.person.id) this.pane.append(this.below);
    else this.pane.scrollTop = Math.min(this.pane.scrollHeight, node.offsetTop - 12);
  }

  // The pane shows something else for a while.
  rest() {
    this.conversation = null;
  }

  // A reader follows while the beginning of the newest message is in view, or what is below it.
  scrolled() {
    if (!this.conversation) return;
    const bottom = this.pane.scrollTop + this.pane.clientHeight;
    this.atEnd = this.pane.scrollHeight - bottom < 80;
    this.following = this.atEnd || (this.newest?.offsetTop ?? 0) + 40 < bottom;
    if (this.following) this.below.remove();
  }

  draw(message) {
    const known = this.drawn.get(message.id);
    if (!known) {
      this.append(message);
      return true;
    }
    if (known.version === message.version) return false;
    const hadFocus = known.node.contains(document.activeElement);
    known.body.innerHTML = message.html;
    known.version = message.version;
    if (hadFocus) known.node.focus({ preventScroll: true });
    return false;
  }

  append(message) {
    if (this.drawn.size === 0) this.pane.replaceChildren(); // the words of an empty chat
    this.below.remove();
    const day = show(message.at, this.person.timezone, "day");
    if (day !== this.last?.day) this.pane.append(element("p", { class: "day" }, element("span", {}, day)));
    const body = element("div", { class: "body" });
    body.innerHTML = message.html; // made by our server, which escapes every literal
    const node = this.node(message, body, this.continues(message, day));
    this.pane.append(node);
    this.drawn.set(message.id, { node, body, version: message.version });
    this.last = { day, author: message.author, at: message.at, only: message.only };
  }

  continues(message, day) {
    const { last } = this;
    if (last?.day !== day || last.author !== message.author || last.only !== message.only) return false;
    return new Date(message.at) - new Date(last.at) < QUIET_MINUTES * 60000;
  }

  node(message, body, continues) {
    const own = message.author === this.person.id;
    const kind = own ? "own" : message.author === "bot" ? "from-bot" : "from-other";
    const attributes = { class: `message ${kind}`, "data-message": message.id, tabindex: "-1" };
    return element("article", attributes, continues ? null : this.head(message, own), body);
  }

  head(message, own) {
    const time = element("time", { datetime: message.at }, show(message.at, this.person.timezone, "time"));
    const only = message.only ? element("span", { class: "only" }, "Only you see this") : null;
    if (own) return element("header", { class: "head" }, only, time);
    const author = this.model.people.get(message.author);
    const name = element("span", { class: "author" }, author?.name ?? "Flipside");
    return element("header", { class: "head" }, author ? avatar(author, "small") : botAvatar(), name, time, only);
  }

  toBottom() {
    this.following = this.atEnd = true;
    this.below.remove();
    this.pane.scrollTop = this.pane.scrollHeight;
  }
}
