/**
 * How old what is shown is. Pure: the clock is an argument.
 *
 * The promise: green only while the newest data is at most `LATE_MS` old; grey as soon as the connection is lost,
 * nothing has come for `SILENT_MS`, or messages are known to be missing.
 */
export const LATE_MS = 3_000;
export const SILENT_MS = 5_000;
/** Arrivals over which the difference between the two clocks is taken. */
const SKEW_WINDOW = 60;

export interface Pulse {
  readonly connected: boolean;
  /** Browser time; 0: never. */
  readonly lostAtMs: number;
  /** Browser time at which the newest data came; 0: none yet. */
  readonly heardAtMs: number;
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
  | { kind: 'stale'; sinceMs: number; reason: 'lost' | 'silent' | 'gap' | 'unreachable' };

export function pulse(nowMs: number): Pulse {
  return { connected: false, lostAtMs: 0, heardAtMs: 0, asOfMs: 0, gapSinceMs: 0, startedAtMs: nowMs, skews: [] };
}

export function connected(p: Pulse): Pulse {
  return { ...p, connected: true };
}

export function disconnected(p: Pulse, nowMs: number): Pulse {
  return p.connected || p.lostAtMs === 0 ? { ...p, connected: false, lostAtMs: nowMs } : p;
}

export function heard(p: Pulse, asOfMs: number, nowMs: number): Pulse {
  return {
    ...p,
    connected: true,
    heardAtMs: nowMs,
    asOfMs: Math.max(asOfMs, p.asOfMs),
    skews: [...p.skews.slice(1 - SKEW_WINDOW), nowMs - asOfMs],
  };
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
    if (nowMs - p.startedAtMs < SILENT_MS) return { kind: 'connecting' };
    return { kind: 'stale', sinceMs: p.startedAtMs, reason: p.connected ? 'silent' : 'unreachable' };
  }
  if (!p.connected) return { kind: 'stale', sinceMs: p.heardAtMs, reason: 'lost' };
  if (nowMs - p.heardAtMs > SILENT_MS) return { kind: 'stale', sinceMs: p.heardAtMs, reason: 'silent' };
  if (p.gapSinceMs > 0) return { kind: 'stale', sinceMs: p.gapSinceMs, reason: 'gap' };
  const age = ageMs(p, nowMs);
  return { kind: age > LATE_MS ? 'late' : 'live', ageMs: age };
}
