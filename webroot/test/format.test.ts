import { describe, expect, it } from 'vitest';
import { axis } from '../src/format/axis';
import { delta, money, percent, sum } from '../src/format/money';
import { offset, seconds, span } from '../src/format/time';
import { difference, headlineDifference, sides } from '../src/format/values';
import { verdict } from '../src/format/verdict';
import { parseExact } from '../src/wire/json';
import { mismatch, transaction } from './samples';

describe('money', () => {
  it.each([
    [450000, 'INR', '4,500.00'],
    [5, 'INR', '0.05'],
    [0, 'USD', '0.00'],
    [-500, 'INR', '−5.00'],
    [-1, 'EUR', '−0.01'],
    [1234567, 'JPY', '1,234,567'],
    [0, 'JPY', '0'],
    [1234567, 'KWD', '1,234.567'],
    [-7, 'BHD', '−0.007'],
    [123456, 'CLF', '12.3456'],
    [1234, 'ITL', '1,234'],
    [1234, 'TRL', '1,234'],
    ['922337203685477580799', 'USD', '9,223,372,036,854,775,807.99'],
  ])('%s %s is %s', (minor, currency, text) => {
    expect(money(minor, currency)).toBe(text);
  });

  it('signs differences both ways', () => {
    expect([delta(-500, 'INR'), delta(500, 'INR'), delta(0, 'INR')]).toEqual(['−5.00', '+5.00', '0.00']);
  });

  it('adds without losing a unit beyond 2^53', () => {
    expect(sum([Number.MAX_SAFE_INTEGER, 1, 1])).toBe('9007199254740993');
    expect(money(sum(['9007199254740993', '-1']), 'USD')).toBe('90,071,992,547,409.92');
  });

  it('says 100 % only of everything', () => {
    expect([percent(1), percent(0.99999), percent(0.9931), percent(0), percent(0.5)]).toEqual(['100.00', '99.99', '99.31', '0.00', '50.00']);
  });
});

describe('JSON', () => {
  it('keeps integers exact that a double would round', () => {
    expect(parseExact('{"a":9007199254740993,"b":[-12345678901234567890],"c":5}')).toEqual({ a: '9007199254740993', b: ['-12345678901234567890'], c: 5 });
  });

  it('leaves digits inside texts alone', () => {
    const text = '{"a":"see \\"9007199254740993\\", 1234567890123456789","9007199254740993":1}';
    expect(parseExact(text)).toEqual(JSON.parse(text));
  });

  it('leaves fractions and exponents alone', () => {
    expect(parseExact('[0.1234567890123456789,12345678901234567.5,1e3]')).toEqual([0.1234567890123456789, 12345678901234567.5, 1000]);
  });
});

describe('time', () => {
  it.each([
    [999, '0 s'],
    [59_999, '59 s'],
    [18 * 60_000, '18 min'],
    [125 * 60_000, '2 h 5 min'],
    [3 * 86_400_000, '3 d'],
    [27 * 3_600_000, '1 d 3 h'],
  ])('%i ms is %s', (ms, text) => expect(span(ms)).toBe(text));

  it('has tenths only where they mean something', () => {
    expect([seconds(0), seconds(449), seconds(9_999), seconds(61_000)]).toEqual(['0.0 s', '0.4 s', '9.9 s', '1 min']);
    expect([offset(3_000), offset(-250), offset(2_900), offset(-60_000)]).toEqual(['+3 s', '−250 ms', '+2.9 s', '−1 min']);
  });
});

describe('the time axis', () => {
  it('is true to scale', () => {
    const line = axis([0, 3_000, 60_000]);
    expect([line.place(0), line.place(3_000), line.place(60_000)]).toEqual([0, 0.05, 1]);
    expect(line.place(30_000)).toBeCloseTo(0.5);
    expect(line.cuts).toEqual([]);
  });

  it('cuts out a pause that would swallow everything else, and says how long it was', () => {
    const line = axis([0, 1_000, 60_000, 172_800_000]);
    expect(line.cuts.map((cut) => cut.ms)).toEqual([172_740_000]);
    expect(line.place(60_000)).toBeCloseTo(0.78);
    expect(line.place(172_800_000)).toBe(1);
  });

  it('never goes back', () => {
    const line = axis([0, 10, 5_000, 90_000, 9_000_000, 9_000_010]);
    let last = -1;
    for (let ms = 0; ms <= 9_000_010; ms += 1_003) {
      expect(line.place(ms)).toBeGreaterThanOrEqual(last);
      last = line.place(ms);
    }
  });

  it('knows what to do with one time, and with none', () => {
    expect(axis([5]).place(5)).toBe(0);
    expect(axis([]).place(5)).toBe(0);
  });
});

describe('a mismatch in words', () => {
  it('AMOUNT has both sides, the difference and the tolerance', () => {
    expect(verdict(transaction, Date.parse('2026-11-20T10:15:40.000Z'))).toEqual([
      'bank says 45.00 INR, gateway says 50.00 INR: −5.00 INR, tolerance 0.00 (rule amount@1).',
    ]);
  });

  it('the headline has the largest open difference, whatever its sign, also beyond 2^53', () => {
    const one = (id: string, delta: number | string, closed_at: string | null = null) => mismatch(id, { delta, closed_at });
    expect(headlineDifference([one('a', 5), one('b', -500), one('c', 499), one('d', -900, '2026-11-20T10:16:00.000Z')])).toBe('−5.00 INR');
    expect(headlineDifference([one('a', '9007199254740992'), one('b', '-9007199254740993')])).toBe('−90,071,992,547,409.93 INR');
    expect(headlineDifference([mismatch('a', { type: 'STATUS', delta: null })])).toBeNull();
  });

  it('MISSING has no values, TIMESTAMP a distance', () => {
    expect(sides(mismatch('a', { type: 'MISSING', expected: 'bank', actual: null }))).toEqual({ expected: 'a report', actual: 'no report' });
    expect(difference(mismatch('a', { type: 'TIMESTAMP', delta: 437_000, currency: null }))).toBe('+7 min');
  });

  it('an amount without a currency is said to be in minor units, and in the transaction of its currency', () => {
    const twice = mismatch('a', { type: 'DUPLICATE', expected: '5000', actual: '5100', delta: null, currency: null, sources: ['bank'] });
    expect(sides(twice).actual).toBe('5,100');
    expect(verdict({ ...transaction, mismatches: [twice] }, 0)[0]).toBe('bank reported twice, and the reports differ in amount: 50.00 → 51.00 INR (rule amount@1).');
  });

  it('waiting is not broken', () => {
    const waiting = { ...transaction, state: 'PENDING' as const, mismatches: [], deadlines: { bank: '2026-11-20T10:16:30.000Z' } };
    expect(verdict(waiting, Date.parse('2026-11-20T10:15:40.000Z'))[0]).toMatch(/^bank is expected until /);
  });
});
