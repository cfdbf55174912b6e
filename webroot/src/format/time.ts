const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
const clockFormat = new Intl.DateTimeFormat('en-GB', CLOCK);
const dayFormat = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });
const fullFormat = new Intl.DateTimeFormat('en-GB', {
  ...CLOCK,
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});

/** 14:02:11, in the reader's zone. */
export function clock(ms: number): string {
  return clockFormat.format(ms);
}

/** 14:02:11.043 */
export function clockExact(ms: number): string {
  return `${clock(ms)}.${String(((ms % 1000) + 1000) % 1000).padStart(3, '0')}`;
}

/** 20 Nov 2026, 14:02:11.043 GMT+1: nothing about it is left to guess. */
export function absolute(ms: number): string {
  return fullFormat.format(ms);
}

/** 14:02:11 today, 19 Nov 14:02:11 on another day. */
export function moment(ms: number, nowMs: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? clock(ms) : `${dayFormat.format(ms)} ${clock(ms)}`;
}

/** The reader's zone: Europe/Berlin. */
export function zone(): string {
  return clockFormat.resolvedOptions().timeZone;
}

const STEPS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** How long, in its two largest units at most: 18 min, 2 h 5 min, 3 d. */
export function span(ms: number): string {
  const index = STEPS.findIndex(([size]) => ms >= size);
  if (index < 0) return '0 s';
  const [size, unit] = STEPS[index]!;
  const whole = Math.floor(ms / size);
  const next = STEPS[index + 1];
  const rest = next === undefined || unit === 'min' ? 0 : Math.floor((ms - whole * size) / next[0]);
  return rest === 0 || whole >= 10 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${next![1]}`;
}

/** A short time with a tenth: 0.4 s; from ten seconds on without. */
export function seconds(ms: number): string {
  return ms < 10_000 ? `${(Math.floor(ms / 100) / 10).toFixed(1)} s` : span(ms);
}

/** A signed distance: +3 s, −1 min, +250 ms. */
export function offset(ms: number): string {
  const size = Math.abs(ms);
  const text = size < 1_000 ? `${size} ms` : size < 60_000 && size % 1_000 !== 0 ? `${(size / 1_000).toFixed(1)} s` : span(size);
  return `${ms < 0 ? '\u2212' : '+'}${text}`;
}
