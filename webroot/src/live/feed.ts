import type { ConflatedMessage, MismatchItem, MismatchMessage, MismatchPage } from '../wire/types';

/**
 * The list of open mismatches, joined from a snapshot and the stream that goes on after it. Pure: what happened
 * goes in, the next state comes out; no clock, no network.
 *
 * Each commit numbers its messages per "reconciliation/partition". A snapshot says up to which number it knows;
 * a message at or below that number is old news, a number left out is something we have not seen. Both kinds of
 * not-seen (a gap, or a summary instead of messages) are healed by a snapshot that reaches far enough, and by
 * nothing else.
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
  /** What the newest snapshot reached; an older one, from a cache perhaps, says nothing any more. */
  readonly snapshotTo: number;
}

/** Rows kept at most; the oldest go first. */
export const ROWS_MAX = 1_000;

export const EMPTY: Feed = { rows: new Map(), streams: new Map(), joined: null, truncated: false, summarised: 0 };

export const ALL = '*';

export const covers = (scope: string | null, key: string) => scope === ALL || (scope !== null && key.startsWith(`${scope}/`));

const keyOf = (reconciliation: string, partition: number) => `${reconciliation}/${partition}`;

/** The stream begins anew (a new connection): what is shown stays, but its place in the stream is unknown. */
export function restarted(feed: Feed): Feed {
  return { ...feed, joined: null };
}

export function onMessage(feed: Feed, message: MismatchMessage): Feed {
  const key = keyOf(message.reconciliation, message.partition);
  const stream = feed.streams.get(key);
  // Before the first snapshot nothing says where a stream begins; after it, an unnamed one begins at 0.
  const last = stream?.last ?? (covers(feed.joined, key) ? 0 : message.seq - 1);
  const unseenTo = stream?.unseenTo ?? last;
  if (message.seq <= last) return feed;

  const streams = new Map(feed.streams);
  streams.set(key, {
    last: message.seq,
    gapTo: message.seq > last + 1 ? message.seq - 1 : (stream?.gapTo ?? 0),
    unseenTo,
    snapshotTo: stream?.snapshotTo ?? 0,
  });

  const { reconciliation, partition, txn_id, state, label, version } = message;
  const rows = new Map(feed.rows);
  rows.set(message.mismatch.id, {
    item: { ...message.mismatch, reconciliation, partition, txn_id, state, label, version },
    stream: key,
    seq: message.seq,
    open: message.change !== 'CLOSED',
    live: true,
  });
  return { ...feed, rows: bounded(rows), streams };
}

export function onConflated(feed: Feed, message: ConflatedMessage): Feed {
  const streams = new Map(feed.streams);
  let news = false;
  for (const [key, [from, to]] of Object.entries(message.seq)) {
    const stream = streams.get(key);
    const last = stream?.last ?? (covers(feed.joined, key) ? 0 : from - 1);
    if (to <= last) continue;
    news = true;
    streams.set(key, {
      last: to,
      gapTo: from > last + 1 ? from - 1 : (stream?.gapTo ?? 0),
      unseenTo: to,
      snapshotTo: stream?.snapshotTo ?? 0,
    });
  }
  return news ? { ...feed, streams, summarised: feed.summarised + message.conflated } : feed;
}

/**
 * Joins a snapshot of `scope`: one reconciliation, or ALL. A row from the stream that is younger than the
 * snapshot outlives it, also a closed one: the snapshot may still show that as open.
 */
export function onSnapshot(feed: Feed, page: MismatchPage, scope: string): Feed {
  const known = (key: string) => page.seq[key] ?? 0;
  const speaksOf = (key: string) => covers(scope, key) && known(key) >= (feed.streams.get(key)?.snapshotTo ?? 0);
  const rows = new Map<string, Row>();
  for (const item of page.items) {
    const key = keyOf(item.reconciliation, item.partition);
    if (speaksOf(key)) rows.set(item.id, { item, stream: key, seq: known(key), open: true, live: false });
  }
  for (const [id, row] of feed.rows) {
    const same = rows.get(id);
    if (!speaksOf(row.stream) || row.seq > known(row.stream)) rows.set(id, row);
    else if (row.live && row.open && same !== undefined) rows.set(id, { ...same, live: true });
  }

  const streams = new Map<string, Stream>();
  for (const key of new Set([...feed.streams.keys(), ...Object.keys(page.seq)])) {
    const to = known(key);
    const { last, gapTo, unseenTo, snapshotTo } = feed.streams.get(key) ?? { last: to, gapTo: 0, unseenTo: 0, snapshotTo: 0 };
    streams.set(
      key,
      speaksOf(key)
        ? { last: Math.max(last, to), gapTo: gapTo > to ? gapTo : 0, unseenTo: unseenTo > to ? unseenTo : 0, snapshotTo: to }
        : { last, gapTo, unseenTo, snapshotTo },
    );
  }

  const unread = [...streams.values()].some((stream) => stream.unseenTo > 0);
  return { rows: bounded(rows), streams, joined: scope, truncated: page.next !== null, summarised: unread ? feed.summarised : 0 };
}

/** Messages in `scope` are missing and no snapshot has made up for them yet: what is shown may be wrong. */
export function hasGap(feed: Feed, scope: string): boolean {
  return [...feed.streams].some(([key, stream]) => covers(scope, key) && stream.gapTo > 0);
}

/** A snapshot of `scope` is needed: a first one, or one that makes up for what was not seen. */
export function wantsSnapshot(feed: Feed, scope: string): boolean {
  if (feed.joined !== scope) return true;
  return [...feed.streams].some(([key, stream]) => covers(scope, key) && (stream.gapTo > 0 || stream.unseenTo > 0));
}

/** The open ones in `scope`, newest first; the id decides between equal times. */
export function openRows(feed: Feed, scope: string): Row[] {
  return [...feed.rows.values()].filter((row) => row.open && covers(scope, row.stream)).sort(newestFirst);
}

export function newestFirst(a: Row, b: Row): number {
  const byTime = Date.parse(b.item.opened_at) - Date.parse(a.item.opened_at);
  return byTime !== 0 ? byTime : a.item.id < b.item.id ? -1 : 1;
}

function bounded(rows: Map<string, Row>): Map<string, Row> {
  if (rows.size <= ROWS_MAX) return rows;
  const kept = [...rows.entries()].sort((a, b) => newestFirst(a[1], b[1])).slice(0, ROWS_MAX - ROWS_MAX / 10);
  return new Map(kept);
}
