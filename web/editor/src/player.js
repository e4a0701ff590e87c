// A sound or a film: the browser's own player, and what belongs to it. The player stays the same
// element while its address does, so that nothing that changes around it stops what is playing.

import { element } from './element.js';
import { fileOf, recordingOf } from './links.js';

export class Player {
  constructor(view) {
    this.view = view;
    this.address = null;
    this.extras = '';
  }

  /** The parts to be shown, for an address where the recording is found. */
  parts(kind, address, { src, alt }) {
    const { surface } = this.view;
    if (this.address !== address || this.kind !== kind) this.begin(kind, address, src);
    const recording = recordingOf(src);
    this.media.setAttribute('aria-label', alt || (src.startsWith('attachment:') ? surface.session.labels.media[kind] : fileOf(src)));
    const poster = recording?.poster && surface.imageSource(recording.poster);
    if (kind === 'video' && poster && this.media.poster !== poster) this.media.poster = poster;
    if (kind === 'video' && !poster) this.media.removeAttribute('poster');
    const track = surface.imageTrack(src);
    const extras = JSON.stringify([recording?.peaks, track, surface.session.labels.lang]);
    if (extras !== this.extras) {
      this.extras = extras;
      this.wave = kind === 'audio' && recording?.peaks ? this.drawn(recording.peaks) : null;
      this.below = below(track, surface.session.labels.media, (seconds) => this.jump(seconds));
    }
    this.progress();
    return [this.wave, this.media, ...this.below].filter(Boolean);
  }

  begin(kind, address, src) {
    this.kind = kind;
    this.address = address;
    const media = element(kind, 'editor-player');
    media.controls = true;
    media.preload = 'metadata';
    // A picture of a film can only be taken of what says that this page may have it.
    if (kind === 'video' && /^https?:/.test(address)) media.crossOrigin = 'anonymous';
    media.src = address;
    media.addEventListener('timeupdate', () => this.progress());
    media.addEventListener('durationchange', () => this.progress());
    media.addEventListener('error', () => this.view.surface.session.options.onPlayerError?.(src));
    this.media = media;
  }

  jump(seconds) {
    this.media.currentTime = seconds;
    // A browser that does not let a page play by itself leaves it at the place.
    this.media.play()?.catch(() => {});
  }

  /** Bars as loud as the sound; a click goes there. The player beside it says the same in words. */
  drawn(peaks) {
    const space = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(space, 'svg');
    svg.setAttribute('class', 'editor-wave');
    svg.setAttribute('viewBox', `0 0 ${peaks.length * 4} 32`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    for (const [n, peak] of peaks.entries()) {
      const bar = document.createElementNS(space, 'rect');
      const height = 2 + peak * 2;
      const at = { x: n * 4 + 0.5, y: 16 - height / 2, width: 3, height };
      for (const [name, value] of Object.entries(at)) bar.setAttribute(name, value);
      svg.append(bar);
    }
    svg.addEventListener('click', (event) => {
      const { left, width } = svg.getBoundingClientRect();
      const { duration } = this.media;
      if (Number.isFinite(duration) && width > 0) this.jump(((event.clientX - left) / width) * duration);
    });
    return svg;
  }

  progress() {
    if (!this.wave) return;
    const { currentTime, duration } = this.media;
    const share = duration > 0 ? currentTime / duration : 0;
    const bars = this.wave.children;
    for (let n = 0; n < bars.length; n++) bars[n].classList.toggle('played', (n + 1) / bars.length <= share);
  }

  /** The picture that the film shows now, as a JPEG; null where there is none yet. */
  async frame() {
    const { videoWidth: width, videoHeight: height } = this.media;
    if (this.kind !== 'video' || !width || !height) return null;
    const canvas = element('canvas', '');
    Object.assign(canvas, { width, height });
    canvas.getContext('2d').drawImage(this.media, 0, 0);
    return new Promise((give) => {
      try {
        canvas.toBlob(give, 'image/jpeg', 0.85);
      } catch {
        give(null);
      }
    });
  }

  stop() {
    this.media?.pause();
    this.media?.removeAttribute('src');
  }
}

/** Chapters, and what is said, each with the way to its place. */
function below(track, texts, jump) {
  if (!track) return [];
  const { chapters = [], transcript = [] } = JSON.parse(track);
  const parts = [];
  if (chapters.length > 0) {
    const box = element('nav', 'editor-chapters');
    box.setAttribute('aria-label', texts.chapters);
    box.append(element('span', 'editor-media-kind', texts.chapters), lines('ol', chapters, jump));
    parts.push(box);
  }
  if (transcript.length > 0) {
    const box = element('details', 'editor-transcript');
    box.append(element('summary', '', texts.transcript), lines('ul', transcript, jump));
    parts.push(box);
  }
  return parts;
}

function lines(tag, cues, jump) {
  const list = element(tag, 'editor-cues');
  for (const [millis, text] of cues) {
    const line = document.createElement('li');
    const button = element('button', 'editor-cue');
    button.type = 'button';
    button.append(element('span', 'editor-cue-time', clock(millis)), element('span', '', text));
    button.addEventListener('click', () => jump(millis / 1000));
    line.append(button);
    list.append(line);
  }
  return list;
}

function clock(millis) {
  const seconds = Math.floor(millis / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] > 0 ? parts : parts.slice(1);
  return shown.map((part, n) => (n === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':');
}
