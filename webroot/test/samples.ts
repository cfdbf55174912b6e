import type { KpiMessage, MismatchItem, MismatchMessage, MismatchPage, Transaction } from '../src/wire/types';

type Place = { reconciliation?: string; partition?: number };

export function mismatch(id: string, place: Place & Partial<MismatchItem> = {}): MismatchItem {
  return {
    id,
    type: 'AMOUNT',
    source: 'bank',
    severity: 'HIGH',
    field: 'amount',
    expected: 5000,
    actual: 4500,
    delta: -500,
    currency: 'INR',
    tolerance: 0,
    rule: 'amount@1',
    sources: ['gateway', 'bank'],
    opened_at: '2026-11-20T10:15:33.000Z',
    closed_at: null,
    closed_by: null,
    reconciliation: 'settlement',
    partition: 3,
    txn_id: `TXN-${id}`,
    state: 'MISMATCHED',
    label: 'AMOUNT_MISMATCH',
    version: 1,
    ...place,
  };
}

function message(change: MismatchMessage['change'], id: string, seq: number, place: Place, openedAt: string): MismatchMessage {
  const { reconciliation, partition, txn_id, state, label, version, ...body } = mismatch(id, { ...place, opened_at: openedAt });
  return {
    v: 1,
    seq,
    partition,
    reconciliation,
    txn_id,
    change,
    state,
    label,
    version,
    committed_at: openedAt,
    mismatch: change === 'CLOSED' ? { ...body, closed_at: openedAt, closed_by: 'EVIDENCE' } : body,
  };
}

const LATER = '2026-11-20T10:16:00.000Z';

export const opened = (id: string, seq: number, place: Place = {}, at: string = LATER) => message('OPENED', id, seq, place, at);
export const closed = (id: string, seq: number, place: Place = {}, at: string = LATER) => message('CLOSED', id, seq, place, at);

export function page(items: MismatchItem[], seq: Record<string, number>): MismatchPage {
  return { items, next: null, as_of: '2026-11-20T10:16:00.000Z', seq };
}

export function kpi(asOf: string): KpiMessage {
  return {
    v: 1,
    as_of: asOf,
    reconciliations: [
      {
        name: 'settlement',
        sources: ['gateway', 'bank'],
        by_state: { PENDING: 4, MATCHED: 90, MISMATCHED: 5, OVERDUE: 1, RESOLVED: 0 },
        match_rate: 0.9375,
        open: 6,
        by_type: { AMOUNT: 5, MISSING: 1 },
        by_severity: { CRITICAL: 1, HIGH: 5 },
        at_risk: [{ currency: 'INR', amount: 250000 }],
        oldest_opened_at: '2026-11-20T10:00:00.000Z',
        watermark: asOf,
        rate: { gateway: 12.5, bank: 12 },
      },
    ],
  };
}

export const transaction: Transaction = {
  txn_id: 'TXN1003',
  reconciliation: 'settlement',
  partition: 3,
  state: 'MISMATCHED',
  label: 'AMOUNT_MISMATCH',
  version: 2,
  updated_at: '2026-11-20T10:15:33.412Z',
  amount: 5000,
  currency: 'INR',
  rule_version: 1,
  first_arrival: '2026-11-20T10:15:30.000Z',
  reference: 'gateway',
  deadlines: {},
  events: [
    { source: 'gateway', event_id: 'g1', txn_id: 'TXN1003', event_type: 'PAYMENT_CAPTURED', status: 'SUCCESS', amount: 5000, currency: 'INR', timestamp: '2026-11-20T10:15:30.000Z', topic: 'gateway_txns', partition: 3, offset: 41, recorded_at: '2026-11-20T10:15:30.000Z' },
    { source: 'bank', event_id: 'b1', txn_id: 'TXN1003', event_type: 'LEDGER_POSTED', status: 'SUCCESS', amount: 4500, currency: 'INR', timestamp: '2026-11-20T10:15:33.000Z', topic: 'bank_txns', partition: 3, offset: 38, recorded_at: '2026-11-20T10:15:33.000Z' },
  ],
  matrix: {
    fields: ['amount', 'currency', 'status', 'timestamp'],
    sources: ['gateway', 'bank'],
    cells: [
      [{ value: 5000, differs: false }, { value: 4500, differs: true }],
      [{ value: 'INR', differs: false }, { value: 'INR', differs: false }],
      [{ value: 'SUCCESS', differs: false }, { value: 'SUCCESS', differs: false }],
      [{ value: '2026-11-20T10:15:30.000Z', differs: false }, { value: '2026-11-20T10:15:33.000Z', differs: false }],
    ],
  },
  mismatches: [
    { id: 'm1', type: 'AMOUNT', source: 'bank', severity: 'LOW', field: 'amount', expected: 5000, actual: 4500, delta: -500, currency: 'INR', tolerance: 0, rule: 'amount@1', sources: ['gateway', 'bank'], opened_at: '2026-11-20T10:15:33.000Z', closed_at: null, closed_by: null },
  ],
  timeline: [
    { at: '2026-11-20T10:15:30.000Z', kind: 'EVENT', by: 'gateway', text: 'gateway reported PAYMENT_CAPTURED SUCCESS' },
    { at: '2026-11-20T10:15:33.000Z', kind: 'EVENT', by: 'bank', text: 'bank reported LEDGER_POSTED SUCCESS' },
    { at: '2026-11-20T10:15:33.000Z', kind: 'OPENED', by: 'amount@1', text: 'AMOUNT opened' },
    { at: '2026-11-20T10:16:30.000Z', kind: 'DEADLINE', by: 'bank', text: 'deadline of bank' },
  ],
};
