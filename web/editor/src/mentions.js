// What the host offers behind an `@`: it is asked for each query, and only its newest answer counts.

const MOST = 14;

export class Mentions {
  /** `arrived` is called when an answer has come. */
  constructor(session, arrived) {
    this.session = session;
    this.arrived = arrived;
    this.close();
  }

  get isOffered() {
    return Boolean(this.session.options.mentions);
  }

  /** The newest answer; asks when the query is another one. */
  for(query) {
    if (query !== this.query) this.#ask(query);
    return this.list;
  }

  async #ask(query) {
    this.query = query;
    const list = (await this.session.options.mentions?.(query)) ?? [];
    if (this.query !== query) return;
    this.list = list.slice(0, MOST);
    this.arrived();
  }

  close() {
    this.query = null;
    this.list = [];
  }
}
