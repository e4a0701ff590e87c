import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Reporter } from '../src/reporter.js';

/** A clock that stands still until it is told to go on. */
function stoppedClock() {
  let time = 0;
  let timers = [];
  return {
    now: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return timer;
    },
    cancel(timer) {
      timers = timers.filter((other) => other !== timer);
    },
    goOn(ms) {
      const end = time + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        time = due.at;
        this.cancel(due);
        due.run();
      }
      time = end;
    },
  };
}

function told() {
  const clock = stoppedClock();
  const at = [];
  return { clock, at, reporter: new Reporter(() => at.push(clock.now()), clock) };
}

describe('a change is told', () => {
  it('250 ms after the last one', () => {
    const { clock, at, reporter } = told();
    reporter.changed();
    clock.goOn(200);
    reporter.changed();
    clock.goOn(1000);
    assert.deepEqual(at, [450]);
    assert.equal(reporter.hasUntold, false);
  });

  it('at most 800 ms after the first untold one', () => {
    const { clock, at, reporter } = told();
    for (let i = 0; i < 20; i++) {
      reporter.changed();
      clock.goOn(100);
    }
    clock.goOn(1000);
    assert.deepEqual(at, [800, 1600, 2150]);
  });

  it('not while composing, and at once afterwards', () => {
    const { clock, at, reporter } = told();
    reporter.changed();
    clock.goOn(100);
    reporter.compositionStarted();
    reporter.changed();
    clock.goOn(5000);
    assert.equal(reporter.flush(), false);
    assert.deepEqual(at, []);
    reporter.compositionEnded();
    clock.goOn(0);
    assert.deepEqual(at, [5100]);
  });

  it('now, when asked, and not a second time', () => {
    const { clock, at, reporter } = told();
    assert.equal(reporter.flush(), true);
    reporter.changed();
    assert.equal(reporter.flush(), true);
    clock.goOn(1000);
    assert.deepEqual(at, [0]);
  });

  it('again when the host could not take it', () => {
    const clock = stoppedClock();
    let fails = true;
    const taken = [];
    const reporter = new Reporter(() => {
      if (fails) throw new Error('the host is busy');
      taken.push(clock.now());
    }, clock);
    reporter.changed();
    assert.throws(() => reporter.flush());
    assert.equal(reporter.hasUntold, true);
    fails = false;
    assert.equal(reporter.flush(), true);
    assert.deepEqual(taken, [0]);
  });
});
