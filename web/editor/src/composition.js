// Keys that belong to the input method. Nothing of ours acts on them, in whichever order a browser
// tells of the key and of the end of composing.

// A person cannot press Enter again this soon after composing; the input method's own key can arrive.
const ECHO_MS = 40;

/** Whether a key press belongs to an input method. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Remembers when composing ended, to know a late key for what it is. */
export class CompositionEcho {
  constructor() {
    this.endedAt = -Infinity;
  }

  ended(event) {
    this.endedAt = event.timeStamp;
  }

  /** Whether this Enter is the one that closed the candidates; said once. */
  isEcho(event) {
    const isEcho = event.key === 'Enter' && event.timeStamp - this.endedAt < ECHO_MS;
    if (isEcho) this.endedAt = -Infinity;
    return isEcho;
  }
}
