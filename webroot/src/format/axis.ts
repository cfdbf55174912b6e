/**
 * Places times on a line from 0 to 1. True to scale, except that a pause much longer than everything else together
 * is cut to a fixed width and named as cut: else a payment that matched within a second and was settled two days
 * later would be two dots.
 */
export interface Axis {
  /** 0 to 1 */
  place(ms: number): number;
  /** Where pauses were cut out: the middle of each, 0 to 1, and how long it was. */
  readonly cuts: readonly { at: number; ms: number }[];
}

const CUT_WIDTH = 0.22;
const CUT_RATIO = 8;
const CUT_MIN_MS = 60_000;
const CUTS_MAX = 3;

export function axis(timesMs: readonly number[]): Axis {
  const times = [...new Set(timesMs)].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  const cut = new Set<number>();
  for (;;) {
    const rest = gaps.map((gap, i) => (cut.has(i) ? 0 : gap));
    const longest = Math.max(0, ...rest);
    const others = rest.reduce((a, b) => a + b, 0) - longest;
    // The last uncut pause is never cut: a line needs one true length.
    if (cut.size === CUTS_MAX || others === 0 || longest < CUT_MIN_MS || longest < CUT_RATIO * others) break;
    cut.add(rest.indexOf(longest));
  }
  const total = gaps.reduce((sum, gap, i) => sum + (cut.has(i) ? 0 : gap), 0);
  const room = 1 - cut.size * CUT_WIDTH;
  const starts: number[] = [0];
  gaps.forEach((gap, i) => starts.push(starts[i]! + (cut.has(i) ? CUT_WIDTH : total === 0 ? 0 : (gap / total) * room)));

  return {
    place(ms) {
      const i = times.findLastIndex((time) => time <= ms);
      if (i < 0) return 0;
      if (i >= times.length - 1) return starts.at(-1) ?? 0;
      return starts[i]! + ((ms - times[i]!) / gaps[i]!) * (starts[i + 1]! - starts[i]!);
    },
    cuts: [...cut].sort((a, b) => a - b).map((i) => ({ at: starts[i]! + CUT_WIDTH / 2, ms: gaps[i]! })),
  };
}
