import type { AtRisk, KpiMessage, MismatchType, ReconciliationKpi, Severity, State } from '../wire/types';
import { sum } from '../format/money';
import { ALL } from './feed';

/** The figures of one reconciliation, or of all together. Money is added within a currency only. */
export interface Totals {
  open: number;
  pending: number;
  matched: number;
  /** All but the pending ones. */
  judged: number;
  byType: Partial<Record<MismatchType, number>>;
  bySeverity: Partial<Record<Severity, number>>;
  atRisk: AtRisk[];
  oldestOpenedAt: string | null;
}

export function inScope(kpi: KpiMessage, scope: string): ReconciliationKpi[] {
  return kpi.reconciliations.filter((one) => scope === ALL || one.name === scope);
}

/** The engine has named its reconciliations, and this is none of them. */
export function isUnknown(kpi: KpiMessage | null, scope: string): boolean {
  return kpi !== null && scope !== ALL && kpi.reconciliations.length > 0 && inScope(kpi, scope).length === 0;
}

/** No transaction has ever been seen, in none of them. */
export function isEmpty(kpi: KpiMessage): boolean {
  const { judged, pending, open } = totals(kpi.reconciliations);
  return judged + pending + open === 0;
}

export function totals(of: readonly ReconciliationKpi[]): Totals {
  const states = added<State>(of.map((one) => one.by_state));
  const amounts = new Map<string, AtRisk['amount'][]>();
  for (const { currency, amount } of of.flatMap((one) => one.at_risk)) {
    amounts.set(currency, [...(amounts.get(currency) ?? []), amount]);
  }
  const all = Object.values(states).reduce((a, b) => a + b, 0);
  return {
    open: of.reduce((n, one) => n + one.open, 0),
    pending: states.PENDING ?? 0,
    matched: states.MATCHED ?? 0,
    judged: all - (states.PENDING ?? 0),
    byType: added<MismatchType>(of.map((one) => one.by_type)),
    bySeverity: added<Severity>(of.map((one) => one.by_severity)),
    atRisk: [...amounts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, each]) => ({ currency, amount: sum(each) })),
    oldestOpenedAt: of.map((one) => one.oldest_opened_at).filter((at) => at !== null).sort()[0] ?? null,
  };
}

function added<K extends string>(parts: readonly Partial<Record<K, number>>[]): Partial<Record<K, number>> {
  const total: Partial<Record<K, number>> = {};
  for (const part of parts) {
    for (const [key, n] of Object.entries(part) as [K, number][]) total[key] = (total[key] ?? 0) + n;
  }
  return total;
}
