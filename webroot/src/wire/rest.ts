import { parseExact } from './json';
import type { MismatchPage, Problem, Transaction, TransactionLine } from './types';

/** An answer that is not the one asked for. `status` 0: none came. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

const TIMEOUT_MS = 10_000;

async function get(path: string): Promise<{ status: number; body: unknown }> {
  let answer: Response;
  try {
    answer = await fetch(path, { cache: 'no-store', headers: { accept: 'application/json' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new RestError(0, `GET ${path} got no answer`);
  }
  const text = await answer.text();
  let body: unknown = null;
  try {
    body = parseExact(text);
  } catch {
    // Something between us and the engine may answer in its own words; the status says enough then.
  }
  if (answer.status >= 400 || body === null) {
    const problem = body as Partial<Problem> | null;
    throw new RestError(answer.status, problem?.detail ?? problem?.title ?? `GET ${path} answered ${answer.status}`, problem?.code ?? null);
  }
  return { status: answer.status, body };
}

/** The newest open mismatches, and up to which message of the stream they are known. */
export async function openMismatches(reconciliation: string | null, limit: number): Promise<MismatchPage> {
  const only = reconciliation === null ? '' : `&reconciliation=${encodeURIComponent(reconciliation)}`;
  return (await get(`/mismatches?limit=${limit}${only}`)).body as MismatchPage;
}

export type TransactionAnswer = { one: Transaction } | { several: TransactionLine[] };

/** A transaction; several lines where more than one reconciliation has one of that id. */
export async function transaction(txnId: string, reconciliation: string | null): Promise<TransactionAnswer> {
  const only = reconciliation === null ? '' : `?reconciliation=${encodeURIComponent(reconciliation)}`;
  const { status, body } = await get(`/transactions/${encodeURIComponent(txnId)}${only}`);
  return status === 300 ? { several: (body as { items: TransactionLine[] }).items } : { one: body as Transaction };
}
