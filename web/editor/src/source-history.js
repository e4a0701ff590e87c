// Undo for the source surface. The browser's own forgets everything when others change the text.

// Typing without a pause this long is one step.
const GROUP_MS = 500;
const DEEPEST = 200;

export class SourceHistory {
  constructor() {
    this.done = [];
    this.undone = [];
  }

  /** A change by this person: at `at`, `removed` gave way to `insert` (both texts). */
  record(change, now) {
    this.undone = [];
    const last = this.done[this.done.length - 1];
    if (last && now - last.time < GROUP_MS && joins(last, change)) {
      last.insert += change.insert;
      last.time = now;
      return;
    }
    this.done.push({ ...change, time: now });
    if (this.done.length > DEEPEST) this.done.shift();
  }

  /** The splice that takes the last change back, or null. */
  undo() {
    const change = this.done.pop();
    if (!change) return null;
    this.undone.push(change);
    return { at: change.at, delete: change.insert.length, insert: change.removed };
  }

  redo() {
    const change = this.undone.pop();
    if (!change) return null;
    this.done.push({ ...change, time: -Infinity });
    return { at: change.at, delete: change.removed.length, insert: change.insert };
  }

  /** Others changed the text: what is remembered moves along, or is forgotten where it overlaps. */
  rebase(splice) {
    this.undone = [];
    const kept = [];
    let other = splice;
    for (let i = this.done.length - 1; i >= 0 && other; i--) {
      const change = this.done[i];
      const size = other.insert.length - other.delete;
      const grown = change.insert.length - change.removed.length;
      if (other.at + other.delete <= change.at) {
        kept.unshift({ ...change, at: change.at + size, time: -Infinity });
      } else if (other.at >= change.at + change.insert.length) {
        kept.unshift({ ...change, time: -Infinity });
        other = { ...other, at: other.at - grown };
      } else other = null;
    }
    this.done = kept;
  }
}

const joins = (last, change) =>
  change.removed === '' && change.at === last.at + last.insert.length && !/\n/.test(change.insert) && last.insert !== '';
