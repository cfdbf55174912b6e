import { describe, expect, it } from 'vitest';
import { ALL, EMPTY, hasGap, onConflated, onMessage, onSnapshot, openRows, restarted, ROWS_MAX, wantsSnapshot, type Feed } from '../src/live/feed';
import type { MismatchFrame, MismatchPage } from '../src/wire/types';
import { closed, mismatch, opened, page } from './samples';

const ids = (feed: Feed, scope = ALL) => openRows(feed, scope).map((row) => row.item.id);

describe('the feed', () => {
  it('shows the snapshot, then what the stream adds', () => {
    let feed = onSnapshot(EMPTY, page([mismatch('a')], { 'settlement/3': 7 }), ALL);
    feed = onMessage(feed, opened('b', 8));
    expect(ids(feed)).toEqual(['b', 'a']);
    expect(wantsSnapshot(feed, ALL)).toBe(false);
  });

  it('takes closed ones out', () => {
    let feed = onSnapshot(EMPTY, page([mismatch('a')], { 'settlement/3': 7 }), ALL);
    feed = onMessage(feed, closed('a', 8));
    expect(ids(feed)).toEqual([]);
  });

  it('shows messages also while there is no snapshot', () => {
    const feed = onMessage(EMPTY, opened('a', 512));
    expect(ids(feed)).toEqual(['a']);
    expect(hasGap(feed, ALL)).toBe(false);
    expect(wantsSnapshot(feed, ALL)).toBe(true);
  });

  it('ignores repeats', () => {
    const feed = onMessage(onMessage(EMPTY, opened('a', 5)), closed('a', 6));
    expect(onMessage(feed, opened('a', 5))).toBe(feed);
    expect(onMessage(feed, closed('a', 6))).toBe(feed);
  });

  it('sees a gap, still shows the message, and is healed only by a snapshot that reaches it', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 7 }), ALL);
    feed = onMessage(feed, opened('b', 10));
    expect(ids(feed)).toEqual(['b']);
    expect(hasGap(feed, ALL)).toBe(true);
    feed = onSnapshot(feed, page([], { 'settlement/3': 8 }), ALL);
    expect(hasGap(feed, ALL)).toBe(true);
    feed = onSnapshot(feed, page([mismatch('c')], { 'settlement/3': 9 }), ALL);
    expect(hasGap(feed, ALL)).toBe(false);
    expect(ids(feed).sort()).toEqual(['b', 'c']);
  });

  it('takes a stream that a snapshot does not name as begun at 1', () => {
    const feed = onSnapshot(EMPTY, page([], {}), ALL);
    expect(hasGap(onMessage(feed, opened('a', 1)), ALL)).toBe(false);
    expect(hasGap(onMessage(feed, opened('a', 2)), ALL)).toBe(true);
  });

  it('counts a summary, which is no gap, and wants a snapshot', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 7 }), ALL);
    feed = onConflated(feed, { v: 1, conflated: 412, seq: { 'settlement/3': [8, 419] } });
    expect(feed.summarised).toBe(412);
    expect(hasGap(feed, ALL)).toBe(false);
    expect(wantsSnapshot(feed, ALL)).toBe(true);
    feed = onMessage(feed, opened('b', 420));
    expect(hasGap(feed, ALL)).toBe(false);
    feed = onSnapshot(feed, page([], { 'settlement/3': 419 }), ALL);
    expect(wantsSnapshot(feed, ALL)).toBe(false);
    expect(feed.summarised).toBe(0);
  });

  it('sees the gap before a summary', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 7 }), ALL);
    feed = onConflated(feed, { v: 1, conflated: 2, seq: { 'settlement/3': [10, 11] } });
    expect(hasGap(feed, ALL)).toBe(true);
  });

  it('keeps what the stream closed while an older snapshot was on its way', () => {
    let feed = onMessage(EMPTY, opened('a', 5));
    feed = onMessage(feed, closed('a', 6));
    feed = onSnapshot(feed, page([mismatch('a')], { 'settlement/3': 5 }), ALL);
    expect(ids(feed)).toEqual([]);
    feed = onSnapshot(feed, page([], { 'settlement/3': 6 }), ALL);
    expect(feed.rows.size).toBe(0);
  });

  it('forgets what a younger snapshot no longer shows', () => {
    let feed = onMessage(EMPTY, opened('a', 5));
    feed = onSnapshot(feed, page([], { 'settlement/3': 9 }), ALL);
    expect(ids(feed)).toEqual([]);
  });

  it('takes no notice of a snapshot older than the one before', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 9 }), ALL);
    feed = onSnapshot(feed, page([mismatch('a')], { 'settlement/3': 8 }), ALL);
    expect(ids(feed)).toEqual([]);
  });

  it('needs a snapshot after each new connection, and counts on from where it was', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 7 }), ALL);
    feed = restarted(feed);
    expect(wantsSnapshot(feed, ALL)).toBe(true);
    expect(hasGap(onMessage(feed, opened('a', 9)), ALL)).toBe(true);
  });

  it('a snapshot of one reconciliation says nothing about another', () => {
    let feed = onMessage(EMPTY, opened('p', 40, { reconciliation: 'payments' }));
    feed = onSnapshot(feed, page([], { 'settlement/3': 7 }), 'settlement');
    expect(ids(feed)).toEqual(['p']);
    expect(ids(feed, 'settlement')).toEqual([]);
    feed = onMessage(feed, opened('q', 90, { reconciliation: 'payments', partition: 1 }));
    expect(hasGap(feed, ALL)).toBe(false);
    feed = onMessage(feed, opened('r', 42, { reconciliation: 'payments' }));
    expect(hasGap(feed, 'settlement')).toBe(false);
    expect(hasGap(feed, ALL)).toBe(true);
  });

  it('is bounded', () => {
    let feed = EMPTY;
    for (let i = 1; i <= ROWS_MAX + 1; i++) {
      feed = onMessage(feed, opened(`m${i}`, i, {}, new Date(1_700_000_000_000 + i * 1_000).toISOString()));
    }
    expect(feed.rows.size).toBeLessThanOrEqual(ROWS_MAX);
    expect(ids(feed)[0]).toBe(`m${ROWS_MAX + 1}`);
  });
});

/** What an engine would do, and a wire that loses, repeats and summarises; the naive truth beside it. */
describe('against brute force', () => {
  const PARTITIONS = [0, 1];
  const NAMES = ['a', 'b', 'c', 'd', 'e'];

  it.each(Array.from({ length: 400 }, (_, i) => i + 1))('seed %i: never calls wrong what is right, nor right what is wrong', (seed) => {
    const random = generator(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    const log: Record<string, { seq: number; id: string; open: boolean }[]> = { 'settlement/0': [], 'settlement/1': [] };
    const openAt = (key: string, seq: number) => {
      const open = new Set<string>();
      for (const entry of log[key]!) if (entry.seq <= seq) entry.open ? open.add(entry.id) : open.delete(entry.id);
      return open;
    };
    const snapshot = (): MismatchPage => {
      const seq = Object.fromEntries(Object.entries(log).filter(([, l]) => l.length > 0).map(([key, l]) => [key, l.length]));
      const items = PARTITIONS.flatMap((partition) =>
        [...openAt(`settlement/${partition}`, Number.MAX_SAFE_INTEGER)].map((id) => mismatch(id, { partition })),
      );
      return page(items, seq);
    };

    let feed = EMPTY;
    const inFlight: MismatchPage[] = [];
    const check = () => {
      if (wantsSnapshot(feed, ALL)) return false;
      const expected = Object.keys(log).flatMap((key) => [...openAt(key, feed.streams.get(key)?.last ?? 0)]);
      expect(ids(feed).sort()).toEqual(expected.sort());
      return true;
    };
    const deliver = (frame: MismatchFrame) => {
      feed = 'conflated' in frame ? onConflated(feed, frame) : onMessage(feed, frame);
      check();
    };

    for (let step = 0; step < 120; step++) {
      const partition = pick(PARTITIONS);
      const key = `settlement/${partition}`;
      const say = () => {
        const id = `${pick(NAMES)}${partition}`;
        const open = random() < 0.6;
        const seq = log[key]!.length + 1;
        log[key]!.push({ seq, id, open });
        return open ? opened(id, seq, { partition }) : closed(id, seq, { partition });
      };
      const dice = random();
      if (dice < 0.55) deliver(say());
      else if (dice < 0.65) say();
      else if (dice < 0.75) {
        const from = log[key]!.length + 1;
        const n = 1 + Math.floor(random() * 4);
        for (let i = 0; i < n; i++) say();
        deliver({ v: 1, conflated: n, seq: { [key]: [from, from + n - 1] } });
      } else if (dice < 0.8 && log[key]!.length > 0) {
        const entry = pick(log[key]!);
        if (entry.seq <= (feed.streams.get(key)?.last ?? 0)) {
          deliver(entry.open ? opened(entry.id, entry.seq, { partition }) : closed(entry.id, entry.seq, { partition }));
        }
      } else if (dice < 0.9) inFlight.push(snapshot());
      else if (inFlight.length > 0) {
        feed = onSnapshot(feed, inFlight.shift()!, ALL);
        check();
      } else feed = restarted(feed);
    }
    // In the end one snapshot puts everything right.
    feed = onSnapshot(feed, snapshot(), ALL);
    expect(check()).toBe(true);
    expect(ids(feed).sort()).toEqual(Object.keys(log).flatMap((key) => [...openAt(key, Number.MAX_SAFE_INTEGER)]).sort());
  });
});

/** mulberry32: small, and the same numbers for a seed everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
