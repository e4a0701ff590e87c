// Places in a text that stay where they are while it changes: something was dropped there that comes
// later.

export class Places {
  constructor() {
    this.next = 1;
    this.held = new Map();
  }

  /** Gives a number for a place. */
  hold(at) {
    this.held.set(this.next, at);
    return this.next++;
  }

  /** Where that is now; null when nobody knows any more. */
  at(number) {
    return this.held.get(number) ?? null;
  }

  /** The same, for the last time. */
  take(number) {
    const at = this.at(number);
    this.held.delete(number);
    return at;
  }

  move(to) {
    for (const [number, at] of this.held) this.held.set(number, to(at));
  }

  forget() {
    this.held.clear();
  }
}

/** Where an offset is after a splice. */
export function after({ at, delete: removed, insert }, offset) {
  if (offset <= at) return offset;
  return Math.max(offset - removed, at) + insert.length;
}
