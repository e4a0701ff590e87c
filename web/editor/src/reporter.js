// When a change is told to the host: 250 ms after the last one, at most 800 ms after the first
// untold one, never while an input method composes, at once when composing ends.

const QUIET_MS = 250;
const LONGEST_MS = 800;

/** The clock of a real window. */
const windowClock = {
  now: () => performance.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer),
};

export class Reporter {
  /** `report` tells the host everything that is untold. */
  constructor(report, clock = windowClock) {
    this.report = report;
    this.clock = clock;
    this.untoldSince = null;
    this.composing = false;
    this.timer = null;
  }

  get hasUntold() {
    return this.untoldSince !== null;
  }

  changed() {
    this.untoldSince ??= this.clock.now();
    if (this.composing) return;
    const left = this.untoldSince + LONGEST_MS - this.clock.now();
    this.#wait(Math.max(0, Math.min(QUIET_MS, left)));
  }

  compositionStarted() {
    this.composing = true;
    this.#stopWaiting();
  }

  compositionEnded() {
    if (!this.composing) return;
    this.composing = false;
    // One turn of the event loop later: the editor has then read what was composed.
    this.#wait(0);
  }

  /** Tells now; false when something composes and the text must not be read. */
  flush() {
    if (this.composing) return false;
    this.#stopWaiting();
    if (!this.hasUntold) return true;
    this.report();
    this.untoldSince = null;
    return true;
  }

  stop() {
    this.#stopWaiting();
  }

  #wait(ms) {
    this.#stopWaiting();
    this.timer = this.clock.after(ms, () => {
      this.timer = null;
      this.flush();
    });
  }

  #stopWaiting() {
    if (this.timer !== null) this.clock.cancel(this.timer);
    this.timer = null;
  }
}
