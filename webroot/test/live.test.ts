import type EventBus from '@vertx/eventbus-bridge-client.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ALL, openRows } from '../src/live/feed';
import { liveState } from '../src/live/indicator';
import { LiveStore } from '../src/live/live';
import { NO_RATES, WINDOW_S, rateBySource, withRates } from '../src/live/rates';
import { Reloader } from '../src/live/reloader';
import { kpi, mismatch, opened, page } from './samples';

/** A bridge client without a network: what the store opens, and how a test speaks through it. */
class Wire {
  readonly handlers = new Map<string, (error: unknown, message: { body: unknown }) => void>();
  readonly client = {
    onopen: null as (() => void) | null,
    onclose: null as ((event: unknown) => void) | null,
    sockJSConn: { onmessage: () => undefined } as { onmessage: () => void; onheartbeat?: () => void },
    registerHandler: (address: string, handler: (error: unknown, message: { body: unknown }) => void) => this.handlers.set(address, handler),
    close: () => this.client.onclose?.({}),
  };

  say(address: string, body: unknown) {
    this.handlers.get(address)?.(null, { body });
  }
}

describe('the store', () => {
  const wires: Wire[] = [];
  let answers: (() => Response)[] = [];
  let store: LiveStore;
  let asked: string[];

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-11-20T10:16:00.000Z') });
    wires.length = 0;
    answers = [];
    asked = [];
    vi.stubGlobal('fetch', async (path: string) => {
      asked.push(path);
      return (answers.length > 1 ? answers.shift()! : (answers[0] ?? (() => Response.json(page([], {})))))();
    });
    store = new LiveStore(() => {
      const wire = new Wire();
      wires.push(wire);
      return wire.client as unknown as EventBus;
    });
  });

  afterEach(() => {
    store.stop();
    vi.useRealTimers();
  });

  const ids = () => openRows(store.current().feed, ALL).map((row) => row.item.id);
  const state = () => liveState(store.current().pulse, Date.now());
  const now = () => kpi(new Date().toISOString());
  async function start() {
    store.start();
    wires[0]!.client.onopen!();
    await vi.advanceTimersByTimeAsync(10);
    wires[0]!.say('kpi', now());
  }

  it('subscribes, reads the list, and reads it once more when the subscription is in force', async () => {
    answers = [() => Response.json(page([mismatch('a')], { 'settlement/3': 7 }))];
    await start();
    expect([...wires[0]!.handlers.keys()]).toEqual(['mismatches', 'transactions', 'kpi']);
    expect(ids()).toEqual(['a']);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.length).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(before + 1);
  });

  it('shows what the socket says when the list cannot be read', async () => {
    answers = [() => Response.json({ title: 'Unavailable', detail: 'PostgreSQL does not answer' }, { status: 503 })];
    await start();
    wires[0]!.say('mismatches', opened('a', 40));
    expect(ids()).toEqual(['a']);
    expect(store.current().snapshotError?.why).toBe('PostgreSQL does not answer');
    expect(state().kind).toBe('live');
  });

  it('is stale while a message is missing, and heals by reading the list, at most every 2 s', async () => {
    answers = [() => Response.json(page([], { 'settlement/3': 7 }))];
    await start();
    await vi.advanceTimersByTimeAsync(3_000);
    wires[0]!.say('kpi', now());
    const before = asked.length;
    for (let seq = 9; seq < 49; seq += 2) wires[0]!.say('mismatches', opened(`m${seq}`, seq));
    expect(state()).toMatchObject({ kind: 'stale', reason: 'gap' });
    answers = [() => Response.json(page([], { 'settlement/3': 47 }))];
    await vi.advanceTimersByTimeAsync(2_000);
    wires[0]!.say('kpi', now());
    expect(asked.length).toBe(before + 1);
    expect(state().kind).toBe('live');
  });

  it('says how many changes were summarised, and reads the list again', async () => {
    answers = [() => Response.json(page([], { 'settlement/3': 7 }))];
    await start();
    await vi.advanceTimersByTimeAsync(3_000);
    wires[0]!.say('mismatches', { v: 1, conflated: 412, seq: { 'settlement/3': [8, 419] } });
    expect(store.current().summary).toMatchObject({ count: 412, reloaded: false });
    answers = [() => Response.json(page([mismatch('z')], { 'settlement/3': 419 }))];
    await vi.advanceTimersByTimeAsync(2_000);
    expect(store.current().summary).toMatchObject({ count: 412, reloaded: true });
    expect(ids()).toEqual(['z']);
  });

  it('comes back by itself after 0.5 s, and reads the list again', async () => {
    await start();
    await vi.advanceTimersByTimeAsync(5_000);
    wires[0]!.client.onclose!({});
    expect(state()).toMatchObject({ kind: 'stale', reason: 'lost' });
    await vi.advanceTimersByTimeAsync(500);
    expect(wires).toHaveLength(2);
    const before = asked.length;
    wires[1]!.client.onopen!();
    await vi.advanceTimersByTimeAsync(10);
    wires[1]!.say('kpi', now());
    expect(state().kind).toBe('live');
    expect(asked.length).toBe(before + 1);
  });

  it('waits longer after each attempt, 5 s at most', async () => {
    store.start();
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      const from = Date.now();
      const count = wires.length;
      wires.at(-1)!.client.onclose!({});
      while (wires.length === count) await vi.advanceTimersByTimeAsync(100);
      pauses.push(Date.now() - from);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('gives up a connection that has fallen silent', async () => {
    await start();
    await vi.advanceTimersByTimeAsync(24_000);
    expect(wires).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_600);
    expect(wires).toHaveLength(2);
    expect(state()).toMatchObject({ kind: 'stale', reason: 'lost' });
  });

  it('gives up one that never opens sooner', async () => {
    store.start();
    await vi.advanceTimersByTimeAsync(12_600);
    expect(wires).toHaveLength(2);
  });

  it('keeps one whose server has only heartbeats to send, and is late, not stale', async () => {
    await start();
    for (let s = 0; s < 60; s += 10) {
      await vi.advanceTimersByTimeAsync(10_000);
      wires[0]!.client.sockJSConn.onheartbeat!();
      expect(state().kind).toBe('late');
    }
    expect(wires).toHaveLength(1);
  });

  it('heals when the node on this address has begun a new log', async () => {
    answers = [() => Response.json(page([mismatch('old')], { 'settlement/3': 5_000 }))];
    await start();
    wires[0]!.client.onclose!({});
    answers = [() => Response.json(page([mismatch('new')], { 'settlement/3': 3 }))];
    await vi.advanceTimersByTimeAsync(500);
    wires[1]!.client.onopen!();
    await vi.advanceTimersByTimeAsync(5_000);
    wires[1]!.say('kpi', now());
    wires[1]!.say('mismatches', opened('newer', 4));
    expect(ids()).toEqual(['newer', 'new']);
    expect(state().kind).toBe('live');
  });

  it('notices a last message that never came, and reads the list', async () => {
    answers = [() => Response.json(page([], { 'settlement/3': 7 }))];
    await start();
    await vi.advanceTimersByTimeAsync(3_000);
    const before = asked.length;
    const counted = () => ({ ...now(), reconciliations: [{ ...now().reconciliations[0]!, seq: { 'settlement/3': 8 } }] });
    wires[0]!.say('kpi', counted());
    await vi.advanceTimersByTimeAsync(1_900);
    expect(state().kind).toBe('live');
    answers = [() => Response.json({ title: 'Unavailable' }, { status: 503 })];
    // Also when no further figures come.
    await vi.advanceTimersByTimeAsync(200);
    wires[0]!.say('kpi', counted());
    expect(state()).toMatchObject({ kind: 'stale', reason: 'gap' });
    answers = [() => Response.json(page([mismatch('z')], { 'settlement/3': 8 }))];
    await vi.advanceTimersByTimeAsync(4_000);
    wires[0]!.say('kpi', counted());
    expect(asked.length).toBe(before + 2);
    expect(ids()).toEqual(['z']);
    expect(state().kind).toBe('live');
  });

  it('does not call rows of the connection before live until the list has been read', async () => {
    answers = [() => Response.json(page([mismatch('a')], { 'settlement/3': 7 }))];
    await start();
    wires[0]!.client.onclose!({});
    answers = [() => Response.json({ title: 'Unavailable' }, { status: 503 })];
    await vi.advanceTimersByTimeAsync(500);
    wires[1]!.client.onopen!();
    await vi.advanceTimersByTimeAsync(2_000);
    wires[1]!.say('kpi', now());
    expect(ids()).toEqual(['a']);
    expect(state()).toMatchObject({ kind: 'stale', reason: 'gap' });
    answers = [() => Response.json(page([mismatch('a')], { 'settlement/3': 7 }))];
    await vi.advanceTimersByTimeAsync(4_000);
    wires[1]!.say('kpi', now());
    expect(state().kind).toBe('live');
  });

  it('adds up summaries until a list reaches them', async () => {
    answers = [() => Response.json(page([], { 'settlement/3': 7 }))];
    await start();
    await vi.advanceTimersByTimeAsync(3_000);
    answers = [() => Response.json({ title: 'Unavailable' }, { status: 503 })];
    wires[0]!.say('mismatches', { v: 1, conflated: 400, seq: { 'settlement/3': [8, 407] } });
    wires[0]!.say('mismatches', { v: 1, conflated: 12, seq: { 'settlement/3': [408, 419] } });
    expect(store.current().summary).toMatchObject({ count: 412 });
  });

  it('says of which transaction a message speaks, and when it may be any', async () => {
    await start();
    const named: (string | null)[] = [];
    store.onTransaction((id) => named.push(id));
    const items = [{ txn_id: 'A', reconciliation: 'settlement', version: 1 }];
    wires[0]!.say('transactions', { v: 1, as_of: '', conflated: 1, items });
    wires[0]!.say('transactions', { v: 1, as_of: '', conflated: 2, items });
    wires[0]!.say('mismatches', { v: 1, conflated: 2, seq: { 'settlement/3': [1, 2] } });
    wires[0]!.say('mismatches', opened('b', 3));
    expect(named).toEqual(['A', 'A', null, null, 'TXN-b']);
  });

  it('reads the list every 5 min, and when a message speaks of an old one: severity rises with age', async () => {
    await start();
    await vi.advanceTimersByTimeAsync(3_000);
    const before = asked.length;
    for (let s = 0; s < 299; s += 10) {
      await vi.advanceTimersByTimeAsync(10_000);
      wires[0]!.say('kpi', now());
    }
    expect(asked.length).toBe(before + 1);
    wires[0]!.say('mismatches', opened('young', 1));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.length).toBe(before + 1);
    answers = [() => Response.json(page([], { 'settlement/3': 2 }))];
    wires[0]!.say('mismatches', { ...opened('old', 2, {}, '2026-11-18T10:00:00.000Z'), committed_at: '2026-11-20T10:16:00.000Z' });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.length).toBe(before + 2);
  });

  it('begins the lines anew under a slower clock', async () => {
    await start();
    wires[0]!.say('kpi', kpi(new Date(Date.now() - 60_000).toISOString()));
    expect(store.current().rates.get(ALL)?.timesS).toHaveLength(1);
    expect(state()).toEqual({ kind: 'live', ageMs: 0 });
  });
});

describe('the reloader', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('loads at most every 2 s, however often it is asked', async () => {
    const starts: number[] = [];
    const reloader = new Reloader(async () => starts.push(Date.now()) > 0, 2_000, 30_000);
    for (let ms = 0; ms < 9_000; ms += 50) {
      reloader.request();
      await vi.advanceTimersByTimeAsync(50);
    }
    reloader.stop();
    expect(starts).toHaveLength(5);
    expect(starts.slice(1).every((at, i) => at - starts[i]! >= 2_000)).toBe(true);
  });

  it('slows down while it fails, 30 s at most, and is quick again when asked to', async () => {
    const starts: number[] = [];
    const failing = async () => {
      starts.push(Date.now());
      throw new Error('no');
    };
    const reloader = new Reloader(failing, 2_000, 30_000);
    reloader.request();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(starts.slice(1).map((at, i) => at - starts[i]!)).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    reloader.retryNow();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(starts).toHaveLength(8);
    reloader.stop();
  });
});

describe('rates', () => {
  it('count a topic that two reconciliations read once', () => {
    const any = kpi('2025-12-18T10:15:30.000Z').reconciliations[0]!;
    const one = { ...any, sources: ['core', 'gateway'], rate: { core: 7, gateway: 20 } };
    const other = { ...any, sources: ['gateway', 'bank'], rate: { gateway: 19, bank: 5 } };
    expect([...rateBySource([one, other])]).toEqual([['core', 7], ['gateway', 20], ['bank', 5]]);
  });

  it('keep 15 minutes, ignore repeats and break the line where seconds are missing', () => {
    let rates = NO_RATES;
    for (let s = 0; s < WINDOW_S + 100; s++) rates = withRates(rates, s, new Map([['gateway', s]]));
    expect(rates.timesS).toHaveLength(WINDOW_S);
    expect(rates.bySource.get('gateway')?.at(-1)).toBe(WINDOW_S + 99);
    const last = rates.timesS.at(-1)!;
    expect(withRates(rates, last, new Map())).toBe(rates);
    const holed = withRates(rates, last + 60, new Map([['gateway', 1], ['bank', 2]]));
    expect(holed.bySource.get('gateway')?.slice(-3)).toEqual([WINDOW_S + 99, null, 1]);
    expect(holed.bySource.get('bank')).toHaveLength(holed.timesS.length);
  });
});
