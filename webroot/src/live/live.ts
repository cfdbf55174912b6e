import EventBus from '@vertx/eventbus-bridge-client.js';
import { openMismatches } from '../wire/rest';
import type { KpiMessage, MismatchFrame, MismatchMessage, TransactionsMessage } from '../wire/types';
import { behind, NOT_BEHIND, BEHIND_MS } from './behind';
import { Bus, type Opener } from './bus';
import * as feeds from './feed';
import * as indicator from './indicator';
import { NO_RATES, rateBySource, withRates, type Rates } from './rates';
import { Reloader } from './reloader';

/** Everything live, as of one moment. A new object per change, so that it can be compared by identity. */
export interface Live {
  readonly feed: feeds.Feed;
  readonly pulse: indicator.Pulse;
  readonly kpi: KpiMessage | null;
  /** By reconciliation, and for `ALL`. */
  readonly rates: ReadonlyMap<string, Rates>;
  /** Why there is no snapshot, and since when; null: the last one came. */
  readonly snapshotError: { readonly why: string; readonly sinceMs: number } | null;
  /** Changes since the last list that reached them that came as summaries; null: none. */
  readonly summary: { readonly count: number; readonly atMs: number; readonly reloaded: boolean } | null;
}

export const SNAPSHOT_LIMIT = 100;
const RELOAD_EVERY_MS = 2_000;
const RELOAD_SLOWEST_MS = 30_000;
/** The screen is told of changes at most four times a second: more, nobody can read. */
const TELL_EVERY_MS = 250;
/** With fewer rows than this, and more known to exist, the list is filled up. */
const REFILL_BELOW = 50;
/** Severity rises with age, and no message says so: the list is read again this often while someone looks. */
const AGEING_MS = 5 * 60_000;
const AGED_MS = 24 * 3_600_000;

export const openBridge: Opener = () =>
  new EventBus('/eventbus', { transports: ['websocket'], vertxbus_ping_interval: 5_000 });

/** Holds the connection and what came over it; the screen subscribes. One per page. */
export class LiveStore {
  private state: Live = {
    feed: feeds.EMPTY,
    pulse: indicator.pulse(Date.now()),
    kpi: null,
    rates: new Map(),
    snapshotError: null,
    summary: null,
  };
  private readonly listeners = new Set<() => void>();
  private readonly touched = new Set<(txnId: string | null) => void>();
  private readonly reloader = new Reloader(() => this.load(), RELOAD_EVERY_MS, RELOAD_SLOWEST_MS);
  private readonly bus: Bus;
  private scope: string = feeds.ALL;
  private freshConnection = false;
  private toldAtMs = 0;
  private telling: ReturnType<typeof setTimeout> | null = null;
  private waiting = NOT_BEHIND;
  private checking: ReturnType<typeof setTimeout> | null = null;
  private ageing: ReturnType<typeof setInterval> | null = null;

  constructor(open: Opener = openBridge) {
    // `kpi` last: once it speaks, the subscription before it is in force.
    this.bus = new Bus(open, ['mismatches', 'transactions', 'kpi'], {
      opened: () => this.opened(),
      closed: () => this.set({ pulse: indicator.disconnected(this.state.pulse, Date.now()) }),
      heartbeat: () => this.set({ pulse: indicator.alive(this.state.pulse, Date.now()) }),
      message: (address, body) => this.message(address, body),
    });
  }

  start(): void {
    this.bus.start();
    this.reloader.request();
    this.ageing = setInterval(() => globalThis.document?.visibilityState !== 'hidden' && this.reloader.request(), AGEING_MS);
  }

  stop(): void {
    this.bus.stop();
    if (this.ageing !== null) clearInterval(this.ageing);
    if (this.checking !== null) clearTimeout(this.checking);
    this.reloader.stop();
    if (this.telling !== null) clearTimeout(this.telling);
  }

  current = (): Live => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Calls with each transaction id a message speaks of; with null where it may speak of any. */
  onTransaction(listener: (txnId: string | null) => void): () => void {
    this.touched.add(listener);
    return () => this.touched.delete(listener);
  }

  /** What is looked at: one reconciliation, or `ALL`. */
  look(scope: string): void {
    if (scope === this.scope) return;
    this.scope = scope;
    this.set(this.withFeed(this.state.feed));
    this.reloader.retryNow();
  }

  retry(): void {
    this.reloader.retryNow();
  }

  private opened(): void {
    this.freshConnection = true;
    this.waiting = NOT_BEHIND;
    this.set({ pulse: indicator.connected(this.state.pulse) });
    this.set(this.withFeed(feeds.restarted(this.state.feed)));
    this.reloader.retryNow();
  }

  private message(address: string, body: unknown): void {
    if (address === 'kpi') return this.kpi(body as KpiMessage);
    this.set({ pulse: indicator.alive(this.state.pulse, Date.now()) });
    if (address === 'mismatches') this.mismatch(body as MismatchFrame);
    else this.transactions(body as TransactionsMessage);
  }

  private transactions({ conflated, items }: TransactionsMessage): void {
    for (const item of items) this.touch(item.txn_id);
    if (conflated > items.length) this.touch(null);
  }

  private kpi(message: KpiMessage): void {
    const asOfMs = Date.parse(message.as_of);
    // Of a slower clock nothing follows the seconds there are.
    const rates = new Map(indicator.fell(this.state.pulse, asOfMs) ? [] : this.state.rates);
    const add = (name: string, of: KpiMessage['reconciliations']) =>
      rates.set(name, withRates(rates.get(name) ?? NO_RATES, Math.round(asOfMs / 1_000), rateBySource(of)));
    add(feeds.ALL, message.reconciliations);
    for (const one of message.reconciliations) add(one.name, [one]);
    this.set({ kpi: message, rates, pulse: indicator.heard(this.state.pulse, asOfMs, Date.now()) });
    if (this.freshConnection) {
      // A snapshot taken before the subscription was in force may lack what was said in between.
      this.freshConnection = false;
      this.reloader.request();
    }
    this.compare();
  }

  /** Does the stream keep up with what the engine says it has numbered? */
  private compare(): void {
    const { waiting, missing } = behind(this.waiting, this.state.kpi, this.state.feed, Date.now());
    this.waiting = waiting;
    if (missing.length > 0) {
      this.set(this.withFeed(missing.reduce((feed, [key, to]) => feeds.onMissing(feed, key, to), this.state.feed)));
      if (feeds.wantsSnapshot(this.state.feed, this.scope)) this.reloader.request();
    }
    if (waiting.size === 0) return;
    // The next figures may be long in coming.
    this.checking ??= setTimeout(() => {
      this.checking = null;
      this.compare();
    }, BEHIND_MS + 1);
  }

  private mismatch(frame: MismatchFrame): void {
    if ('conflated' in frame) {
      const feed = feeds.onConflated(this.state.feed, frame);
      if (feed !== this.state.feed) {
        const summary = { count: feed.summarised, atMs: Date.now(), reloaded: false };
        this.set({ summary, ...this.withFeed(feed) });
        this.touch(null);
      }
    } else {
      this.set(this.withFeed(feeds.onMessage(this.state.feed, frame)));
      this.touch(frame.txn_id);
      if (aged(frame)) this.reloader.request();
    }
    if (feeds.wantsSnapshot(this.state.feed, this.scope) || this.thin()) this.reloader.request();
  }

  private thin(): boolean {
    return this.state.feed.truncated && feeds.openCount(this.state.feed, this.scope) < REFILL_BELOW;
  }

  private async load(): Promise<boolean> {
    const scope = this.scope;
    const asked = feeds.asking(this.state.feed);
    try {
      const page = await openMismatches(scope === feeds.ALL ? null : scope, SNAPSHOT_LIMIT);
      const feed = feeds.onSnapshot(this.state.feed, page, scope, asked);
      const healed = !feeds.wantsSnapshot(feed, this.scope);
      const summary = this.state.summary === null ? null : { ...this.state.summary, reloaded: healed };
      this.set({ snapshotError: null, summary, ...this.withFeed(feed) });
      return healed;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.set({ snapshotError: { why, sinceMs: this.state.snapshotError?.sinceMs ?? Date.now() } });
      throw error;
    }
  }

  private withFeed(feed: feeds.Feed): Pick<Live, 'feed' | 'pulse'> {
    return { feed, pulse: indicator.gap(this.state.pulse, feeds.hasGap(feed, this.scope), Date.now()) };
  }

  private touch(txnId: string | null): void {
    for (const listener of this.touched) listener(txnId);
  }

  private set(change: Partial<Live>): void {
    this.state = { ...this.state, ...change };
    this.telling ??= setTimeout(() => this.tell(), Math.max(0, this.toldAtMs + TELL_EVERY_MS - Date.now()));
  }

  private tell(): void {
    this.telling = null;
    this.toldAtMs = Date.now();
    for (const listener of this.listeners) listener();
  }
}

/** Its severity has risen a step with its age, which the message does not say. */
function aged(of: MismatchMessage): boolean {
  return of.change !== 'CLOSED' && Date.parse(of.committed_at) - Date.parse(of.mismatch.opened_at) > AGED_MS;
}
