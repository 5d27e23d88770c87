// The way to the server and back: what a visitor did goes out once, what changed comes in.

const PATIENCE = [300, 1200]; // milliseconds before a post is repeated, with the same id, when the line is down

export async function post(name, body) {
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id: crypto.randomUUID(), ...body }),
  };
  for (const wait of [...PATIENCE, null]) {
    try {
      return (await fetch(`/playground/${name}`, request)).ok;
    } catch {
      if (wait === null) return false;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

export async function company() {
  return (await fetch("/playground/company")).json();
}

// Follows the server's log of changes. An event says only that there is news: losing one costs nothing.
export class Follower {
  constructor(run, onChanges, onTick, onLine) {
    Object.assign(this, { run, onChanges, onTick, onLine, version: 0, fetching: null, again: false });
  }

  listen() {
    const source = new EventSource("/playground/events");
    source.onopen = () => this.onLine(true);
    source.onerror = () => {
      this.onLine(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.listen(), 2000);
    };
    source.onmessage = (event) => this.heard(JSON.parse(event.data));
  }

  heard(news) {
    if (news.run !== this.run) return location.reload(); // the server was started anew: nothing on screen is true
    this.onTick(news.now);
    if (news.version > this.version) this.fetch();
  }

  // One fetch at a time; whoever asks meanwhile gets the one after it.
  fetch() {
    if (this.fetching) {
      this.again = true;
      return this.fetching;
    }
    this.fetching = this.fetchUntilCalm().finally(() => (this.fetching = null));
    return this.fetching;
  }

  async fetchUntilCalm() {
    do {
      this.again = false;
      const answer = await fetch(`/playground/changes?since=${this.version}`);
      const news = await answer.json();
      if (news.run !== this.run) return location.reload();
      this.version = news.version;
      this.onTick(news.now);
      this.onChanges(news.changes);
    } while (this.again);
  }
}
