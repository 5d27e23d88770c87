// The page: as many columns as the window holds, the people at the side, the clock on top.

import { ClockBar } from "./clock.js";
import { Column } from "./column.js";
import { showGuide } from "./guide.js";
import { Model } from "./model.js";
import { PeopleList } from "./people.js";
import { company, Follower, post } from "./wire.js";

// A column under 340 pixels crowds its cards; the list of people takes 232.
const WIDTHS = [["(min-width: 1260px)", 3], ["(min-width: 900px)", 2]];

class Page {
  constructor(about) {
    this.model = new Model(about);
    this.clock = new ClockBar(this.model, (words) => this.toast(words));
    this.follower = new Follower(about.run, (changes) => this.changed(changes), (now) => this.tick(now), (up) => this.line(up));
    this.columns = [];
    this.arrived = new Set();
    document.title = `Flipside playground · ${about.name}`;
    document.getElementById("company").textContent = `Playground · ${about.name}`;
    showGuide(about.guide, this.model.kept);
  }

  async start() {
    await this.follower.fetch();
    this.model.begin();
    this.rail = new PeopleList(document.getElementById("rail"), this.model, (id) => this.put(this.active, id));
    const kept = this.model.kept.get("slots").filter((id) => this.model.people.has(id));
    const everybody = [...kept, ...this.model.company.shown, ...this.model.people.keys()];
    this.slots = [...new Set(everybody)].slice(0, 3);
    for (const [query] of WIDTHS) matchMedia(query).addEventListener("change", () => this.layout());
    this.layout();
    this.follower.listen();
  }

  layout() {
    const room = WIDTHS.find(([query]) => matchMedia(query).matches)?.[1] ?? 1;
    const count = Math.min(room, this.slots.length);
    const stage = document.getElementById("columns");
    while (this.columns.length > count) this.columns.pop().node.remove();
    while (this.columns.length < count) {
      const column = new Column(this.columns.length + 1, this.model, this);
      this.columns.push(column);
      stage.append(column.node);
      column.show(this.slots[this.columns.length - 1]);
    }
    if (!this.columns.includes(this.active)) this.activate(this.columns[0]);
    this.updatePeople(this.model.people.keys());
  }

  get shown() {
    return this.columns.map((column) => column.person.id);
  }

  // A person is on screen once: picking somebody who is there already goes to their column.
  put(column, id) {
    const there = this.columns.find((one) => one.person.id === id);
    const target = there ?? column;
    if (!there) {
      this.slots[this.columns.indexOf(column)] = id;
      this.slots = [...new Set([...this.slots, ...this.model.company.shown, ...this.model.people.keys()])].slice(0, 3);
      this.model.kept.set("slots", this.slots);
      target.show(id);
    }
    this.activate(target);
    this.updatePeople(this.model.people.keys());
  }

  activate(column) {
    if (this.active === column) return;
    this.active = column;
    for (const one of this.columns) one.node.classList.toggle("active", one === column);
    this.updatePeople(this.model.people.keys());
  }

  // What came in ----------------------------------------------------------------------------------------------------

  changed(changes) {
    const wasMoving = this.model.clock.moving;
    const touched = this.model.take(changes);
    if (touched.clock) this.clock.update();
    for (const column of this.columns) column.update(touched);
    if (this.rail) this.updatePeople(touched.people);
    if (this.rail) this.announce(touched.fresh);
    if (wasMoving && !this.model.clock.moving) this.refreshHomes(this.shown);
  }

  tick(now) {
    this.model.now = now;
    this.clock.tick();
    for (const column of this.columns) column.tick();
  }

  line(up) {
    document.body.classList.toggle("offline", !up);
    if (up) this.follower.fetch();
  }

  updatePeople(people) {
    if (!this.rail || this.columns.length === 0) return;
    const ids = [...people];
    this.rail.update(ids, this.shown, this.active?.person.id);
    for (const column of this.columns) column.updatePeople(ids, this.shown);
  }

  // For those who hear the page: one line for the newest message of each person on screen.
  announce(fresh) {
    const heard = fresh.filter((message) => message.author === "bot");
    const lines = this.columns
      .filter((column) => heard.some((message) => message.conversation === `bot:${column.person.id}`))
      .map((column) => `${column.person.name}: a new message from Flipside.`);
    if (lines.length > 0) document.getElementById("announcer").textContent = lines.join(" ");
  }

  // What goes out ---------------------------------------------------------------------------------------------------

  async act(name, body) {
    this.model.acted = body.person;
    const went = await post(name, body);
    if (!went) this.toast("That did not go through. Please try again.");
    await this.follower.fetch().catch(() => {}); // the line is down; what is missing comes when it is back
    if (went && !["home", "close", "arrive"].includes(name)) this.refreshHomes([body.person]);
    return went;
  }

  arrive(person) {
    if (this.arrived.has(person)) return;
    this.arrived.add(person);
    post("arrive", { person });
  }

  refreshHomes(people) {
    const open = this.columns.filter((column) => column.tab === "home" && people.includes(column.person.id));
    for (const column of open) post("home", { person: column.person.id });
  }

  toast(words) {
    const toast = document.getElementById("toast");
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => (toast.hidden = true), 5000);
  }
}

const page = new Page(await company());
await page.start();
