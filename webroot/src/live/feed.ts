import type { ConflatedMessage, MismatchItem, MismatchMessage, MismatchPage } from '../wire/types';

/**
 * The list of open mismatches, joined from a snapshot and the stream that goes on after it. Pure: what happened
 * goes in, the next state comes out; no clock, no network.
 *
 * Each commit numbers its messages per "reconciliation/partition". A snapshot says up to which number it knows;
 * a message at or below that number is old news, a number left out is something we have not seen. Both kinds of
 * not-seen (a gap, or a summary instead of messages) are healed by a snapshot that reaches far enough, and by
 * nothing else.
 *
 * News come after the commit. A snapshot asked for later that knows less proves that numbering began anew (another
 * database): what was known under the old numbers is discarded then, not compared with the new ones.
 */
export interface Feed {
  /** Open and lately closed ones by `mismatch.id`. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly streams: ReadonlyMap<string, Stream>;
  /** What the snapshots joined since the stream began speak of: one reconciliation, "*" all, null none yet. */
  readonly joined: string | null;
  /** The last snapshot did not hold all open ones. */
  readonly truncated: boolean;
  /** Changes that came as summaries, since the last snapshot that reached them. */
  readonly summarised: number;
  /** How many connections there were before this one. */
  readonly connection: number;
}

export interface Row {
  readonly item: MismatchItem;
  /** "reconciliation/partition" */
  readonly stream: string;
  /** Of the message or snapshot that this row is from. */
  readonly seq: number;
  readonly open: boolean;
  /** By a message, not by a snapshot: it is new to the person looking. */
  readonly live: boolean;
}

/** What is known of the numbers of one partition. */
export interface Stream {
  readonly last: number;
  /** Messages up to here are missing, and nobody said why. 0: none. */
  readonly gapTo: number;
  /** Messages up to here were not seen, and that is no loss: summarised, or said before we listened. 0: none. */
  readonly unseenTo: number;
  /** What the newest snapshot reached; an older one says nothing any more. */
  readonly snapshotTo: number;
  /** Its open rows are of an earlier connection, and no snapshot has confirmed them since. */
  readonly carried: boolean;
}

/** What was known when a snapshot was asked for; see `asking`. */
export interface Asked {
  readonly connection: number;
  /** By stream: a number that had been given by then. */
  readonly reached: ReadonlyMap<string, number>;
}

/** Rows kept at most; closed ones go first, then the oldest. */
export const ROWS_MAX = 1_000;
const ROWS_KEPT = ROWS_MAX - ROWS_MAX / 10;

export const EMPTY: Feed = { rows: new Map(), streams: new Map(), joined: null, truncated: false, summarised: 0, connection: 0 };

const UNKNOWN: Stream = { last: 0, gapTo: 0, unseenTo: 0, snapshotTo: 0, carried: false };

export const ALL = '*';

export const covers = (scope: string | null, key: string) => scope === ALL || (scope !== null && key.startsWith(`${scope}/`));

const keyOf = (reconciliation: string, partition: number) => `${reconciliation}/${partition}`;

/** The stream begins anew (a new connection): what is shown stays, but its place in the stream is unknown. */
export function restarted(feed: Feed): Feed {
  const streams = new Map(feed.streams);
  for (const row of feed.rows.values()) {
    const stream = streams.get(row.stream) ?? UNKNOWN;
    if (row.open && !stream.carried) streams.set(row.stream, { ...stream, carried: true });
  }
  return { ...feed, streams, joined: null, connection: feed.connection + 1 };
}

/** To be taken before a snapshot is asked for, and handed in with it. */
export function asking(feed: Feed): Asked {
  const reached = [...feed.streams].map(([key, { last, gapTo }]) => [key, Math.max(last, gapTo)] as const);
  return { connection: feed.connection, reached: new Map(reached) };
}

export function onMessage(feed: Feed, message: MismatchMessage): Feed {
  const key = keyOf(message.reconciliation, message.partition);
  const stream = feed.streams.get(key);
  // Before the first snapshot nothing says where a stream begins; after it, an unnamed one begins at 0.
  const last = stream?.last ?? (covers(feed.joined, key) ? 0 : message.seq - 1);
  const unseenTo = stream?.unseenTo ?? last;
  if (message.seq <= last) return feed;

  const streams = new Map(feed.streams);
  const gapTo = Math.max(stream?.gapTo ?? 0, message.seq > last + 1 ? message.seq - 1 : 0);
  streams.set(key, { ...(stream ?? UNKNOWN), last: message.seq, gapTo, unseenTo });

  const { reconciliation, partition, txn_id, state, label, version } = message;
  const rows = new Map(feed.rows);
  rows.set(message.mismatch.id, {
    item: { ...message.mismatch, reconciliation, partition, txn_id, state, label, version },
    stream: key,
    seq: message.seq,
    open: message.change !== 'CLOSED',
    live: true,
  });
  return bounded({ ...feed, rows, streams });
}

export function onConflated(feed: Feed, message: ConflatedMessage): Feed {
  const streams = new Map(feed.streams);
  let news = false;
  for (const [key, [from, to]] of Object.entries(message.seq)) {
    const stream = streams.get(key);
    const last = stream?.last ?? (covers(feed.joined, key) ? 0 : from - 1);
    if (to <= last) continue;
    news = true;
    const gapTo = Math.max(stream?.gapTo ?? 0, from > last + 1 ? from - 1 : 0);
    streams.set(key, { ...(stream ?? UNKNOWN), last: to, gapTo, unseenTo: to });
  }
  return news ? { ...feed, streams, summarised: feed.summarised + message.conflated } : feed;
}

/** The engine has numbered up to `to`, and no message came for it: as a gap, which no later message may ever show. */
export function onMissing(feed: Feed, key: string, to: number): Feed {
  const stream = feed.streams.get(key) ?? UNKNOWN;
  if (stream.last >= to || stream.gapTo >= to) return feed;
  return { ...feed, streams: new Map(feed.streams).set(key, { ...stream, gapTo: to }) };
}

/**
 * Joins a snapshot of `scope`: one reconciliation, or ALL. A row from the stream that is younger than the
 * snapshot outlives it, also a closed one: the snapshot may still show that as open.
 *
 * It joins nothing where it was asked for on an earlier connection, or proves another log: what came meanwhile was
 * judged by other numbers, so that one more is needed.
 */
export function onSnapshot(feed: Feed, page: MismatchPage, scope: string, asked: Asked): Feed {
  const known = (key: string) => page.seq[key] ?? 0;
  const isAnew = (key: string) => covers(scope, key) && known(key) < (asked.reached.get(key) ?? 0);
  const speaksOf = (key: string) => covers(scope, key) && (isAnew(key) || known(key) >= (feed.streams.get(key)?.snapshotTo ?? 0));
  const rows = new Map<string, Row>();
  for (const item of page.items) {
    const key = keyOf(item.reconciliation, item.partition);
    if (speaksOf(key)) rows.set(item.id, { item, stream: key, seq: known(key), open: true, live: false });
  }
  for (const [id, row] of feed.rows) {
    const same = rows.get(id);
    if (isAnew(row.stream)) continue;
    if (!speaksOf(row.stream) || row.seq > known(row.stream)) rows.set(id, row);
    else if (row.live && row.open && same !== undefined) rows.set(id, { ...same, live: true });
  }

  const sameConnection = asked.connection === feed.connection;
  const streams = new Map<string, Stream>();
  for (const key of new Set([...feed.streams.keys(), ...Object.keys(page.seq)])) {
    const to = known(key);
    const stream = (isAnew(key) ? undefined : feed.streams.get(key)) ?? { ...UNKNOWN, last: to };
    const { last, gapTo, unseenTo, carried } = stream;
    const joined = {
      last: Math.max(last, to),
      gapTo: gapTo > to ? gapTo : 0,
      unseenTo: unseenTo > to ? unseenTo : 0,
      snapshotTo: to,
      carried: carried && !sameConnection,
    };
    streams.set(key, speaksOf(key) ? joined : stream);
  }

  const unread = [...streams.values()].some((stream) => stream.unseenTo > 0);
  const joined = sameConnection && ![...asked.reached.keys()].some(isAnew) ? scope : null;
  return bounded({ ...feed, rows, streams, joined, truncated: page.next !== null, summarised: unread ? feed.summarised : 0 });
}

/** Messages in `scope` are missing, or may be, and no snapshot has made up for them yet: what is shown may be wrong. */
export function hasGap(feed: Feed, scope: string): boolean {
  return [...feed.streams].some(([key, stream]) => covers(scope, key) && (stream.gapTo > 0 || stream.carried));
}

/** A snapshot of `scope` is needed: a first one, or one that makes up for what was not seen. */
export function wantsSnapshot(feed: Feed, scope: string): boolean {
  if (feed.joined !== scope) return true;
  return hasGap(feed, scope) || [...feed.streams].some(([key, stream]) => covers(scope, key) && stream.unseenTo > 0);
}

/** How many are open in `scope`. */
export function openCount(feed: Feed, scope: string): number {
  let n = 0;
  for (const row of feed.rows.values()) if (row.open && covers(scope, row.stream)) n++;
  return n;
}

/** The open ones in `scope`, newest first; the id decides between equal times. */
export function openRows(feed: Feed, scope: string): Row[] {
  return [...feed.rows.values()].filter((row) => row.open && covers(scope, row.stream)).sort(newestFirst);
}

export function newestFirst(a: Row, b: Row): number {
  const byTime = Date.parse(b.item.opened_at) - Date.parse(a.item.opened_at);
  return byTime !== 0 ? byTime : a.item.id < b.item.id ? -1 : 1;
}

/**
 * Forgets what is too much. A closed one was kept because a snapshot under way may still show it as open; who forgets
 * it earlier has not seen it. An open one that is left out is said to be.
 */
function bounded(feed: Feed): Feed {
  if (feed.rows.size <= ROWS_MAX) return feed;
  const order = [...feed.rows].sort(([, a], [, b]) => Number(b.open) - Number(a.open) || newestFirst(a, b));
  const streams = new Map(feed.streams);
  let truncated = feed.truncated;
  for (const [, row] of order.slice(ROWS_KEPT)) {
    const stream = streams.get(row.stream) ?? UNKNOWN;
    if (row.open) truncated = true;
    else if (row.seq > stream.snapshotTo) streams.set(row.stream, { ...stream, unseenTo: Math.max(stream.unseenTo, row.seq) });
  }
  return { ...feed, rows: new Map(order.slice(0, ROWS_KEPT)), streams, truncated };
}
