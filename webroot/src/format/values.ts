import { texts } from '../texts';
import type { Minor, Mismatch } from '../wire/types';
import { delta, integer, isMinor, money } from './money';
import { absolute, clock, offset, span } from './time';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** A value as people read it: money by its currency, a time as a clock, everything else as it is. */
export function value(of: Minor | null, field: string, currency: string | null): string {
  if (of === null) return texts.feed.absent;
  if (field === 'amount' && currency !== null && isMinor(of)) return money(of, currency);
  if (field === 'amount' && isMinor(of)) return integer(of);
  if (typeof of === 'string' && RFC3339.test(of)) return clock(Date.parse(of));
  return String(of);
}

/** What its values are counted in; an amount whose currency nobody named is said to be in minor units. */
export function unit(of: Mismatch): string | null {
  if (of.field !== 'amount' || !isMinor(of.expected ?? of.actual)) return null;
  return of.currency ?? texts.minorUnits;
}

/** What to show on hover, where `value` says less than there is. */
export function valueTitle(of: Minor | null): string | undefined {
  return typeof of === 'string' && RFC3339.test(of) ? absolute(Date.parse(of)) : undefined;
}

/** What the reference led to expect, and what came instead. */
export function sides(of: Mismatch): { expected: string; actual: string } {
  if (of.type === 'MISSING') return { expected: texts.feed.report, actual: texts.feed.noReport };
  if (of.type === 'UNEXPECTED') return { expected: texts.feed.noReport, actual: texts.feed.report };
  return { expected: value(of.expected, of.field, of.currency), actual: value(of.actual, of.field, of.currency) };
}

/** The difference, signed and with its unit; null where there is none to speak of. */
export function difference(of: Mismatch): string | null {
  if (of.delta === null) return null;
  if (of.type === 'TIMESTAMP') return offset(Number(of.delta));
  return of.currency === null || !isMinor(of.delta) ? String(of.delta) : `${delta(of.delta, of.currency)} ${of.currency}`;
}

/** The tolerance it exceeded, in the unit of the difference. */
export function tolerance(of: Mismatch): string | null {
  if (of.tolerance === null) return null;
  if (of.type === 'TIMESTAMP') return span(Number(of.tolerance));
  return of.currency === null || !isMinor(of.tolerance) ? String(of.tolerance) : money(of.tolerance, of.currency);
}

/** The source that disagrees, and those it is compared with. */
export function disagreeing(of: Mismatch): { source: string; against: string[] } {
  const source = of.source ?? of.sources.at(-1) ?? '';
  return { source, against: of.sources.filter((other) => other !== source) };
}

/** The largest difference in money that is open, whatever its sign; the first of equal ones. */
export function headlineDifference(mismatches: readonly Mismatch[]): string | null {
  let largest: Mismatch | null = null;
  let most = -1n;
  for (const one of mismatches) {
    if (one.closed_at !== null || one.type !== 'AMOUNT' || !isMinor(one.delta)) continue;
    const delta = BigInt(one.delta);
    const size = delta < 0n ? -delta : delta;
    if (size > most) [largest, most] = [one, size];
  }
  return largest === null ? null : difference(largest);
}
