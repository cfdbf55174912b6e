import { texts, word } from '../texts';
import type { Mismatch, Transaction } from '../wire/types';
import { difference, disagreeing, tolerance, unit, value } from './values';
import { moment } from './time';

/** What the engine decided and why, in sentences: the open mismatches first, then what is waited for, then the past. */
export function verdict(of: Transaction, nowMs: number): string[] {
  const said = of.mismatches.filter((one) => one.closed_at === null).map((one) => sentence(inCurrency(one, of), nowMs));
  if (of.state === 'MATCHED') said.push(texts.verdict.matched(of.matrix.sources.length));
  if (of.state === 'RESOLVED') said.push(texts.verdict.resolved);
  for (const [source, at] of Object.entries(of.deadlines)) {
    if (Date.parse(at) > nowMs) said.push(texts.verdict.waiting(source, moment(Date.parse(at), nowMs)));
  }
  if (said.length === 0 && of.state === 'PENDING') said.push(texts.verdict.waitingPlain);
  return [...said, ...of.mismatches.filter((one) => one.closed_at !== null).map((one) => sentence(inCurrency(one, of), nowMs))];
}

/** A repeated report names no currency of its own; the transaction's is meant. */
function inCurrency(one: Mismatch, of: Transaction): Mismatch {
  return one.currency === null && one.field === 'amount' ? { ...one, currency: of.currency } : one;
}

function sentence(of: Mismatch, nowMs: number): string {
  const text = `${what(of, nowMs)}${texts.verdict.rule(of.rule)}.`;
  if (of.closed_at === null) return text;
  const by = of.closed_by ?? '';
  return text + texts.verdict.closed(moment(Date.parse(of.closed_at), nowMs), texts.verdict.closedBy[by] ?? texts.verdict.by(by));
}

function what(of: Mismatch, nowMs: number): string {
  const { source, against } = disagreeing(of);
  const expected = value(of.expected, of.field, of.currency);
  const actual = value(of.actual, of.field, of.currency);
  const say = texts.verdict;
  switch (of.type) {
    case 'MISSING':
      return (of.closed_at === null ? say.missing : say.missingReported)(source, moment(Date.parse(of.opened_at), nowMs));
    case 'UNEXPECTED':
      return say.unexpected(source);
    case 'DUPLICATE':
      return say.duplicate(source, word(of.field)) + (of.expected === null && of.actual === null ? '' : say.values(expected, actual + (unit(of) === null ? '' : ` ${unit(of)}`)));
    default: {
      const delta = difference(of);
      const counted = unit(of) === null ? '' : ` ${unit(of)}`;
      const sides = say.differ(source, actual + counted, against.join(', '), expected + counted);
      return delta === null ? sides : sides + say.delta(delta, tolerance(of));
    }
  }
}
