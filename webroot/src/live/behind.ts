import type { KpiMessage } from '../wire/types';
import { covers, type Feed } from './feed';

/**
 * Is the last message of a stream missing? No later one shows it as a gap; but the figures say up to which number the
 * engine has counted, and what is not here some time after that does not come any more. Pure.
 */
export const BEHIND_MS = 2_000;

/** By stream the number waited for, and since when (browser time). */
export type Waiting = ReadonlyMap<string, { readonly to: number; readonly sinceMs: number }>;

export const NOT_BEHIND: Waiting = new Map();

/** What is waited for now, and what has been waited for too long: streams, and the number that is missing of each. */
export function behind(waiting: Waiting, kpi: KpiMessage | null, feed: Feed, nowMs: number): { waiting: Waiting; missing: [string, number][] } {
  const still = new Map<string, { to: number; sinceMs: number }>();
  const missing: [string, number][] = [];
  for (const [key, to] of (kpi?.reconciliations ?? []).flatMap((one) => Object.entries(one.seq ?? {}))) {
    const stream = feed.streams.get(key);
    // A stream of which neither a message nor a list has told anything is not behind: it has not begun here.
    if (stream === undefined && !covers(feed.joined, key)) continue;
    const last = Math.max(stream?.last ?? 0, stream?.gapTo ?? 0);
    if (last >= to) continue;
    const before = waiting.get(key);
    const now = before !== undefined && before.to > last && before.to <= to ? before : { to, sinceMs: nowMs };
    if (nowMs - now.sinceMs > BEHIND_MS) missing.push([key, now.to]);
    else still.set(key, now);
  }
  return { waiting: still, missing };
}
