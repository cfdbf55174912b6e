import { describe, expect, it } from 'vitest';
import { behind, BEHIND_MS, NOT_BEHIND } from '../src/live/behind';
import * as feeds from '../src/live/feed';
import { ALL, asking, EMPTY, hasGap, onConflated, onMessage, onMissing, openCount, openRows, restarted, ROWS_MAX, wantsSnapshot, type Asked, type Feed } from '../src/live/feed';
import type { MismatchFrame, MismatchPage } from '../src/wire/types';
import { closed, kpi, mismatch, opened, page } from './samples';

const ids = (feed: Feed, scope = ALL) => openRows(feed, scope).map((row) => row.item.id);
/** One that was asked for on this connection, before any message was heard. */
const onSnapshot = (feed: Feed, taken: MismatchPage, scope: string, asked: Asked = { connection: feed.connection, reached: new Map() }) =>
  feeds.onSnapshot(feed, taken, scope, asked);

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

  it('begins anew where a snapshot knows less than was known before it was asked for', () => {
    let feed = onSnapshot(EMPTY, page([mismatch('old')], { 'settlement/3': 4_999 }), ALL);
    feed = onMessage(feed, opened('older', 5_000));
    feed = restarted(feed);
    feed = onSnapshot(feed, page([mismatch('new')], { 'settlement/3': 3 }), ALL, asking(feed));
    expect(ids(feed)).toEqual(['new']);
    // What came under way was taken for repeats: one more snapshot is needed, and then messages are news again.
    expect(wantsSnapshot(feed, ALL)).toBe(true);
    feed = onSnapshot(feed, page([mismatch('new')], { 'settlement/3': 3 }), ALL, asking(feed));
    expect(wantsSnapshot(feed, ALL)).toBe(false);
    feed = onMessage(feed, opened('newer', 4));
    expect(ids(feed)).toEqual(['newer', 'new']);
    expect(hasGap(feed, ALL)).toBe(false);
  });

  it('begins anew also where a snapshot no longer names a stream', () => {
    let feed = onMessage(EMPTY, opened('old', 5_000));
    feed = onSnapshot(feed, page([], {}), ALL, asking(feed));
    expect(feed.rows.size).toBe(0);
    feed = onSnapshot(feed, page([], {}), ALL, asking(feed));
    expect(ids(onMessage(feed, opened('new', 1)))).toEqual(['new']);
  });

  it('a number the engine has named counts as known, so that another log is seen by it too', () => {
    let feed = onSnapshot(EMPTY, page([mismatch('old')], { 'settlement/3': 2 }), ALL);
    feed = onMissing(feed, 'settlement/3', 5_000);
    feed = onSnapshot(feed, page([], { 'settlement/3': 3 }), ALL, asking(feed));
    expect(hasGap(feed, ALL)).toBe(false);
    expect(ids(feed)).toEqual([]);
  });

  it('discards nothing of what came while the snapshot was under way, nor of what it does not speak of', () => {
    let feed = onSnapshot(EMPTY, page([mismatch('p', { reconciliation: 'payments' })], { 'payments/3': 5, 'settlement/3': 7 }), ALL);
    const asked = asking(feed);
    feed = onMessage(feed, opened('b', 8));
    feed = onSnapshot(feed, page([], { 'settlement/3': 7 }), 'settlement', asked);
    expect(ids(feed).sort()).toEqual(['b', 'p']);
  });

  it('rows of an earlier connection are a gap until a snapshot that was asked for on this one', () => {
    let feed = onSnapshot(EMPTY, page([mismatch('a')], { 'settlement/3': 7 }), ALL);
    const before = asking(feed);
    feed = restarted(feed);
    expect(hasGap(feed, ALL)).toBe(true);
    expect(hasGap(feed, 'payments')).toBe(false);
    feed = onSnapshot(feed, page([mismatch('a')], { 'settlement/3': 7 }), ALL, before);
    expect(hasGap(feed, ALL)).toBe(true);
    feed = onSnapshot(feed, page([mismatch('a')], { 'settlement/3': 7 }), ALL, asking(feed));
    expect(wantsSnapshot(feed, ALL)).toBe(false);
    expect(hasGap(restarted(EMPTY), ALL)).toBe(false);
  });

  it('a message after one that is known to be missing does not hide it', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 5 }), ALL);
    feed = onMissing(feed, 'settlement/3', 10);
    feed = onMessage(feed, opened('a', 7));
    feed = onSnapshot(feed, page([], { 'settlement/3': 7 }), ALL);
    expect(hasGap(feed, ALL)).toBe(true);
  });

  it('forgets closed ones first, and says so when an open one is left out', () => {
    const at = (i: number) => new Date(1_700_000_000_000 + i * 1_000).toISOString();
    let feed = onSnapshot(EMPTY, page([], {}), ALL);
    let seq = 0;
    feed = onMessage(feed, opened('oldest', ++seq, {}, at(0)));
    for (let i = 1; i < ROWS_MAX; i++) feed = onMessage(feed, closed(`c${i}`, ++seq, {}, at(i)));
    feed = onMessage(feed, opened('newest', ++seq, {}, at(ROWS_MAX)));
    expect(ids(feed)).toEqual(['newest', 'oldest']);
    expect(feed.truncated).toBe(false);
    // A snapshot under way may show a forgotten one as open, and no message would take it out.
    expect(wantsSnapshot(feed, ALL)).toBe(true);
    expect(hasGap(feed, ALL)).toBe(false);

    feed = onSnapshot(feed, page([], { 'settlement/3': seq }), ALL);
    for (let i = 0; i <= ROWS_MAX; i++) feed = onMessage(feed, opened(`o${i}`, ++seq, {}, at(i)));
    expect(feed.truncated).toBe(true);
    expect(openCount(feed, ALL)).toBe(ids(feed).length);
    expect(openCount(feed, 'payments')).toBe(0);
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

describe('the last message of a stream', () => {
  const figures = (seq: Record<string, number>) => {
    const message = kpi('2026-11-20T10:16:00.000Z');
    return { ...message, reconciliations: [{ ...message.reconciliations[0]!, seq }] };
  };
  const T = 1_700_000_000_000;

  it.each([['known', { 'settlement/3': 7 }], ['unknown', {}]])('is missed when the engine has counted further for more than 2 s: of a stream that is %s', (_, seq) => {
    const feed = onSnapshot(EMPTY, page([], seq), ALL);
    let now = behind(NOT_BEHIND, figures({ 'settlement/3': 8 }), feed, T);
    expect(now.missing).toEqual([]);
    now = behind(now.waiting, figures({ 'settlement/3': 9 }), feed, T + BEHIND_MS);
    expect(now.missing).toEqual([]);
    now = behind(now.waiting, figures({ 'settlement/3': 9 }), feed, T + BEHIND_MS + 1);
    expect(now.missing).toEqual([['settlement/3', 8]]);
    const found = onMissing(feed, 'settlement/3', 8);
    expect(hasGap(found, ALL)).toBe(true);
    expect(hasGap(onSnapshot(found, page([], { 'settlement/3': 8 }), ALL), ALL)).toBe(false);
  });

  it('is not missed while each number comes within 2 s, however many there are', () => {
    let feed = onSnapshot(EMPTY, page([], { 'settlement/3': 7 }), ALL);
    let waiting = NOT_BEHIND;
    for (let i = 0; i < 10; i++) {
      const now = behind(waiting, figures({ 'settlement/3': 8 + i }), feed, T + i * 1_000);
      expect(now.missing).toEqual([]);
      waiting = now.waiting;
      feed = onMessage(feed, opened(`m${i}`, 8 + i));
    }
  });

  it('of a stream that has told nothing yet is none, nor is a number that another log had', () => {
    expect(behind(NOT_BEHIND, figures({ 'settlement/3': 8 }), EMPTY, T).waiting.size).toBe(0);
    expect(behind(NOT_BEHIND, kpi('2026-11-20T10:16:00.000Z'), EMPTY, T).waiting.size).toBe(0);
    const feed = onSnapshot(EMPTY, page([], {}), ALL);
    const old = behind(NOT_BEHIND, figures({ 'settlement/3': 5_000 }), feed, T);
    expect(behind(old.waiting, figures({ 'settlement/3': 3 }), feed, T + 60_000).missing).toEqual([]);
  });
});

/** What an engine would do, and a wire that loses, repeats and summarises, figures, a log that begins anew; the naive truth beside it. */
describe('against brute force', () => {
  const PARTITIONS = [0, 1];
  const NAMES = ['a', 'b', 'c', 'd', 'e'];

  it.each(Array.from({ length: 400 }, (_, i) => i + 1))('seed %i: never calls wrong what is right, nor right what is wrong', (seed) => {
    const random = generator(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
    let log: Record<string, { seq: number; id: string; open: boolean }[]> = { 'settlement/0': [], 'settlement/1': [] };
    const openAt = (key: string, seq: number) => {
      const open = new Set<string>();
      for (const entry of log[key]!) if (entry.seq <= seq) entry.open ? open.add(entry.id) : open.delete(entry.id);
      return open;
    };
    const truth = () => Object.keys(log).flatMap((key) => [...openAt(key, Number.MAX_SAFE_INTEGER)]).sort();
    const figures = (of: typeof log) => {
      const message = kpi('2026-11-20T10:16:00.000Z');
      const seq = Object.fromEntries(Object.entries(of).map(([key, entries]) => [key, entries.length]));
      return { ...message, reconciliations: [{ ...message.reconciliations[0]!, seq }] };
    };
    const snapshot = (): MismatchPage => {
      const seq = Object.fromEntries(Object.entries(log).filter(([, l]) => l.length > 0).map(([key, l]) => [key, l.length]));
      const items = PARTITIONS.flatMap((partition) =>
        [...openAt(`settlement/${partition}`, Number.MAX_SAFE_INTEGER)].map((id) => mismatch(id, { partition })),
      );
      return page(items, seq);
    };

    let feed = EMPTY;
    const inFlight: [MismatchPage, Asked][] = [];
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
      } else if (dice < 0.87) inFlight.push([snapshot(), asking(feed)]);
      else if (dice < 0.9) {
        // What the engine has counted, long after: whatever is not here now is missing.
        const seen = behind(NOT_BEHIND, figures(log), feed, 0);
        for (const [at, to] of behind(seen.waiting, figures(log), feed, BEHIND_MS + 1).missing) feed = onMissing(feed, at, to);
        if (check()) expect(ids(feed).sort()).toEqual(truth());
      } else if (dice < 0.97 && inFlight.length > 0) {
        const [taken, asked] = inFlight.shift()!;
        feed = onSnapshot(feed, taken, ALL, asked);
        check();
      } else {
        // Another database needs another start of the engine, which ends every connection.
        if (random() < 0.3) log = { 'settlement/0': [], 'settlement/1': [] };
        feed = restarted(feed);
      }
    }
    // In the end a snapshot puts everything right; one more where it finds that another log has begun.
    feed = onSnapshot(feed, snapshot(), ALL, asking(feed));
    feed = onSnapshot(feed, snapshot(), ALL, asking(feed));
    expect(check()).toBe(true);
    expect(ids(feed).sort()).toEqual(truth());
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
