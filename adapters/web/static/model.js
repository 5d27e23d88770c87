// Everything the page knows: who there is, who sees which conversation, what is open, what was seen.

export class Model {
  constructor(company) {
    this.company = company;
    this.people = new Map(company.people.map((person, index) => [person.id, { ...person, index }]));
    this.conversations = new Map();
    this.homes = new Map();
    this.forms = new Map();
    this.clock = { moving: false, note: "", start: "", target: "" };
    this.now = null;
    this.acted = ""; // who the visitor acted as last: only there may the focus move
    this.kept = new Kept(company.run);
  }

  // Takes in news; returns what it touched: conversations, people, and whether the clock did.
  take(changes) {
    const touched = { conversations: new Set(), people: new Set(), clock: false, fresh: [] };
    for (const change of changes) this.takers[change.is]?.call(this, change, touched);
    return touched;
  }

  takers = {
    conversation(change, touched) {
      const known = this.conversations.get(change.id);
      this.conversations.set(change.id, { ...change, messages: known?.messages ?? new Map() });
      change.members.forEach((member) => touched.people.add(member));
    },
    message(change, touched) {
      const conversation = this.conversations.get(change.conversation);
      if (!conversation.messages.has(change.id)) touched.fresh.push(change);
      conversation.messages.set(change.id, change);
      touched.conversations.add(change.conversation);
      conversation.members.forEach((member) => touched.people.add(member));
    },
    home(change, touched) {
      this.homes.set(change.person, change);
      touched.people.add(change.person);
    },
    form(change, touched) {
      this.forms.set(change.person, change);
      touched.people.add(change.person);
    },
    clock(change, touched) {
      this.clock = change;
      touched.clock = true;
    },
  };

  // The conversations of a person in the order of their tabs: the bot, the channels, then the others.
  tabs(person) {
    const mine = [...this.conversations.values()].filter((one) => one.kind === "channel" || one.members.includes(person));
    const rank = { bot: 0, channel: 1, group: 2, people: 3 };
    return mine.sort((a, b) => rank[a.kind] - rank[b.kind]);
  }

  title(conversation, person) {
    if (conversation.kind === "channel") return `#${conversation.channel}`;
    if (conversation.kind === "bot") return "Chat";
    const others = conversation.members.filter((member) => member !== person);
    const names = others.map((member) => this.people.get(member)?.name.split(" ")[0] ?? member);
    return (conversation.kind === "group" ? [...names, "Flipside"] : names).join(", ");
  }

  // The chat of two people: the one that the bot opened for them, else the one between them alone.
  between(person, other) {
    const members = [person, other].sort().join("+");
    return [`group:${members}`, `people:${members}`].find((id) => this.conversations.has(id));
  }

  visible(conversation, person) {
    return [...conversation.messages.values()].filter((message) => !message.only || message.only === person);
  }

  unread(conversation, person, since = 0) {
    const seen = Math.max(since, this.kept.seen(person, conversation.id));
    const isNews = (message) => message.first > seen && message.author !== person;
    return this.visible(conversation, person).some(isNews);
  }

  // Channels are left out: an announcement would put a dot on everybody. So is what was there before the visitor came.
  waiting(person) {
    return this.tabs(person).some((one) => one.kind !== "channel" && this.unread(one, person, this.kept.get("began")));
  }

  // Called once, when everything so far is known.
  begin() {
    if (this.kept.get("began") > 0) return;
    const all = [...this.conversations.values()].flatMap((one) => [...one.messages.values()]);
    this.kept.set("began", Math.max(1, ...all.map((message) => message.first)));
  }

  markSeen(conversation, person) {
    const newest = Math.max(0, ...this.visible(conversation, person).map((message) => message.first));
    this.kept.markSeen(person, conversation.id, newest);
  }
}

// What outlives a reload of the page, but not a restart of the server.
class Kept {
  constructor(run) {
    const stored = JSON.parse(sessionStorage.getItem("flipside") ?? "{}");
    this.state = stored.run === run ? stored : { run, seen: {}, slots: [], began: 0, guideClosed: stored.guideClosed ?? false };
  }

  get(key) {
    return this.state[key];
  }

  set(key, value) {
    this.state[key] = value;
    this.save();
  }

  seen(person, conversation) {
    return this.state.seen[`${person} ${conversation}`] ?? 0;
  }

  markSeen(person, conversation, version) {
    const key = `${person} ${conversation}`;
    if ((this.state.seen[key] ?? 0) >= version) return;
    this.state.seen[key] = version;
    this.save();
  }

  save() {
    sessionStorage.setItem("flipside", JSON.stringify(this.state));
  }
}
