import type { ReconciliationKpi } from '../wire/types';

/** Events per second by source, since the page opened, at most `WINDOW_S` of it. Pure. */
export const WINDOW_S = 15 * 60;

export interface Rates {
  /** Epoch seconds, rising. */
  readonly timesS: readonly number[];
  /** By source, as long as `timesS`; null: not heard of then. */
  readonly bySource: ReadonlyMap<string, readonly (number | null)[]>;
}

export const NO_RATES: Rates = { timesS: [], bySource: new Map() };

/** Sources in the order of the definitions, each once. */
export function sourcesOf(reconciliations: readonly ReconciliationKpi[]): string[] {
  return [...new Set(reconciliations.flatMap((one) => one.sources))];
}

/**
 * Events per second by source over these reconciliations. Those that share a source read the same topic, each all of
 * it: the largest figure is the source's, their sum would count it twice.
 */
export function rateBySource(reconciliations: readonly ReconciliationKpi[]): Map<string, number> {
  const rates = new Map<string, number>();
  for (const source of sourcesOf(reconciliations)) rates.set(source, 0);
  for (const one of reconciliations) {
    for (const [source, rate] of Object.entries(one.rate)) rates.set(source, Math.max(rates.get(source) ?? 0, rate));
  }
  return rates;
}

/**
 * One more second. A time not after the last one is a repeat and changes nothing; where seconds are missing the
 * line is broken, not bridged.
 */
export function withRates(rates: Rates, atS: number, now: ReadonlyMap<string, number>): Rates {
  const lastS = rates.timesS.at(-1);
  if (lastS !== undefined && atS <= lastS) return rates;
  const hole = lastS !== undefined && atS - lastS > 5;
  const times = hole ? [...rates.timesS, lastS + 1, atS] : [...rates.timesS, atS];
  const first = times.findIndex((t) => t > atS - WINDOW_S);

  const bySource = new Map<string, (number | null)[]>();
  for (const source of new Set([...rates.bySource.keys(), ...now.keys()])) {
    const before = rates.bySource.get(source) ?? rates.timesS.map(() => null);
    const values = hole ? [...before, null, now.get(source) ?? null] : [...before, now.get(source) ?? null];
    bySource.set(source, values.slice(first));
  }
  return { timesS: times.slice(first), bySource };
}
