/** What the engine says, as it says it: snake_case, times as RFC 3339 in UTC. */

/** Minor units of a currency; a string where a double could not hold it (see `parseExact`). */
export type Minor = number | string;

export type State = 'PENDING' | 'MATCHED' | 'MISMATCHED' | 'OVERDUE' | 'RESOLVED';

export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Worst first. */
export const TYPES = ['CURRENCY', 'AMOUNT', 'STATUS', 'ACCOUNT', 'DUPLICATE', 'UNEXPECTED', 'TIMESTAMP', 'MISSING'] as const;
export type MismatchType = (typeof TYPES)[number];

export interface Mismatch {
  id: string;
  type: MismatchType;
  /** The source that disagrees. */
  source?: string;
  severity: Severity;
  field: string;
  expected: Minor | null;
  actual: Minor | null;
  /** actual − expected: minor units for AMOUNT, milliseconds for TIMESTAMP. */
  delta: Minor | null;
  currency: string | null;
  tolerance: Minor | null;
  rule: string;
  sources: string[];
  opened_at: string;
  closed_at: string | null;
  closed_by: string | null;
}

interface Placed {
  reconciliation: string;
  partition: number;
  txn_id: string;
  state: State;
  label: string;
  version: number;
}

/** One message on `mismatches`. */
export interface MismatchMessage extends Placed {
  v: number;
  seq: number;
  change: 'OPENED' | 'CHANGED' | 'CLOSED' | 'REOPENED';
  committed_at: string;
  mismatch: Mismatch;
}

/** Many at once: how many, and which numbers per "reconciliation/partition". */
export interface ConflatedMessage {
  v: number;
  conflated: number;
  seq: Record<string, [number, number]>;
}

export type MismatchFrame = MismatchMessage | ConflatedMessage;

/** One line of GET /mismatches. */
export type MismatchItem = Mismatch & Placed;

export interface MismatchPage {
  items: MismatchItem[];
  next: string | null;
  as_of: string;
  seq: Record<string, number>;
}

export interface AtRisk {
  currency: string;
  amount: Minor;
}

export interface ReconciliationKpi {
  name: string;
  /** In the order of the definition. */
  sources: string[];
  by_state: Partial<Record<State, number>>;
  /** 0 to 1; null while nothing is judged. */
  match_rate: number | null;
  open: number;
  by_type: Partial<Record<MismatchType, number>>;
  by_severity: Partial<Record<Severity, number>>;
  at_risk: AtRisk[];
  oldest_opened_at: string | null;
  watermark: string | null;
  /** Events per second by source. */
  rate: Record<string, number>;
  /** By "reconciliation/partition" the last number given, from the database. */
  seq?: Record<string, number>;
}

export interface KpiMessage {
  v: number;
  as_of: string;
  reconciliations: ReconciliationKpi[];
}

export interface TransactionsMessage {
  v: number;
  as_of: string;
  conflated: number;
  items: { txn_id: string; reconciliation: string; version: number }[];
}

export interface TransactionLine {
  txn_id: string;
  reconciliation: string;
  state: State;
  label: string;
  mismatches: MismatchType[];
  version: number;
  updated_at: string | null;
}

export interface TransactionEvent {
  source: string;
  event_id: string;
  event_type: string;
  status: string;
  amount?: Minor;
  currency?: string;
  timestamp?: string;
  topic: string;
  partition: number;
  offset: number;
  recorded_at: string;
  [field: string]: unknown;
}

export interface Cell {
  value: Minor | null;
  differs: boolean;
}

export interface Matrix {
  fields: string[];
  sources: string[];
  cells: Cell[][];
}

export interface TimelineItem {
  at: string;
  kind: 'EVENT' | 'DEADLINE' | 'OPENED' | 'CHANGED' | 'CLOSED' | 'REOPENED' | 'COMMAND';
  by: string | null;
  text: string;
}

export interface Transaction extends Placed {
  updated_at: string | null;
  amount: Minor | null;
  currency: string | null;
  deadlines: Record<string, string>;
  events: TransactionEvent[];
  matrix: Matrix;
  mismatches: Mismatch[];
  timeline: TimelineItem[];
  rule_version: number | string | null;
  first_arrival: string | null;
  reference: string | null;
}

/** application/problem+json */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
}
