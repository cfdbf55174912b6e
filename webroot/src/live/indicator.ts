/**
 * How old what is shown is. Pure: the clock is an argument.
 *
 * The promise: green only while the newest data is at most `LATE_MS` old; grey as soon as the connection is lost,
 * neither data nor a heartbeat has come for `SILENT_MS`, or messages are known to be missing. Amber between them: a
 * server whose database is slow has less to say and is still there.
 */
export const LATE_MS = 3_000;
/** More than two heartbeats of the bridge, which come every 10 s. */
export const SILENT_MS = 25_000;
/** How long a page may have nothing at all before it stops calling that connecting. */
const CONNECTING_MS = 5_000;
/** `as_of` this much before the last one: another node with a slower clock speaks now. */
const FELL_MS = 2_000;
/** Arrivals over which the difference between the two clocks is taken. */
const SKEW_WINDOW = 60;

export interface Pulse {
  readonly connected: boolean;
  /** Browser time; 0: never. */
  readonly lostAtMs: number;
  /** Browser time at which the newest data came; 0: none yet. */
  readonly heardAtMs: number;
  /** Browser time of the last sign of life, data or not; 0: none yet. */
  readonly aliveAtMs: number;
  /** What the engine's clock said in it. */
  readonly asOfMs: number;
  /** Browser time since which messages are missing; 0: none. */
  readonly gapSinceMs: number;
  readonly startedAtMs: number;
  /** Browser minus engine of the last arrivals. */
  readonly skews: readonly number[];
}

export type LiveState =
  | { kind: 'connecting' }
  | { kind: 'live' | 'late'; ageMs: number }
  | { kind: 'stale'; sinceMs: number; reason: 'lost' | 'mute' | 'silent' | 'gap' | 'unreachable' };

export function pulse(nowMs: number): Pulse {
  return { connected: false, lostAtMs: 0, heardAtMs: 0, aliveAtMs: 0, asOfMs: 0, gapSinceMs: 0, startedAtMs: nowMs, skews: [] };
}

export function connected(p: Pulse): Pulse {
  return { ...p, connected: true };
}

export function disconnected(p: Pulse, nowMs: number): Pulse {
  return p.connected || p.lostAtMs === 0 ? { ...p, connected: false, lostAtMs: nowMs } : p;
}

/** The other side is there, whatever it said. */
export function alive(p: Pulse, nowMs: number): Pulse {
  return { ...p, aliveAtMs: nowMs };
}

export function heard(p: Pulse, asOfMs: number, nowMs: number): Pulse {
  const anew = fell(p, asOfMs);
  return {
    ...p,
    connected: true,
    heardAtMs: nowMs,
    aliveAtMs: nowMs,
    asOfMs: anew ? asOfMs : Math.max(asOfMs, p.asOfMs),
    skews: [...(anew ? [] : p.skews.slice(1 - SKEW_WINDOW)), nowMs - asOfMs],
  };
}

/** A connection keeps its order: a time that falls is another clock's, and nothing learnt of the old one holds for it. */
export function fell(p: Pulse, asOfMs: number): boolean {
  return asOfMs < p.asOfMs - FELL_MS;
}

export function gap(p: Pulse, open: boolean, nowMs: number): Pulse {
  const since = open ? p.gapSinceMs || nowMs : 0;
  return since === p.gapSinceMs ? p : { ...p, gapSinceMs: since };
}

/** Age of the newest data by the engine's clock; the fastest arrival of late stands for "at once". */
export function ageMs(p: Pulse, nowMs: number): number {
  if (p.skews.length === 0) return 0;
  return Math.max(0, nowMs - p.asOfMs - Math.min(...p.skews));
}

/** How far the watermark is behind now; null where there is none. */
export function watermarkAgeMs(p: Pulse, watermarkMs: number | null, nowMs: number): number | null {
  return watermarkMs === null ? null : Math.max(0, p.asOfMs - watermarkMs) + ageMs(p, nowMs);
}

export function liveState(p: Pulse, nowMs: number): LiveState {
  if (p.heardAtMs === 0) {
    if (nowMs - p.startedAtMs < CONNECTING_MS) return { kind: 'connecting' };
    return { kind: 'stale', sinceMs: p.startedAtMs, reason: p.connected ? 'mute' : 'unreachable' };
  }
  if (!p.connected) return { kind: 'stale', sinceMs: p.heardAtMs, reason: 'lost' };
  if (nowMs - Math.max(p.heardAtMs, p.aliveAtMs) > SILENT_MS) return { kind: 'stale', sinceMs: p.heardAtMs, reason: 'silent' };
  if (p.gapSinceMs > 0) return { kind: 'stale', sinceMs: p.gapSinceMs, reason: 'gap' };
  const age = ageMs(p, nowMs);
  return { kind: age > LATE_MS ? 'late' : 'live', ageMs: age };
}
