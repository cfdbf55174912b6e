import type { Minor } from '../wire/types';
import table from './digits.txt?raw';

/**
 * Digits of the minor unit where they are not 2, by currency. The engine counts in those of its JDK, withdrawn
 * currencies included, whose amounts may still be reported; the table holds every one of JDK 25 that differs.
 */
const DIGITS = new Map(
  table.trim().split('\n').flatMap((line) => {
    const [digits, ...codes] = line.split(' ');
    return codes.map((code) => [code, Number(digits)] as const);
  }),
);

/** Texts are English; of its ways to group digits the reader's own is taken where the browser names one. */
const LOCALE = globalThis.navigator?.languages?.find((language) => language.startsWith('en')) ?? 'en';

export const MINUS = '\u2212';

export function digitsOf(currency: string): number {
  return DIGITS.get(currency) ?? 2;
}

/** Is it an amount at all? A custom rule may put any text where the built-in one has an integer. */
export function isMinor(value: unknown): value is Minor {
  return typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && /^-?\d+$/.test(value);
}

/**
 * An amount with its currency's digits, without its code: 450000 INR is "4,500.00". Exact at any size: no step
 * goes through a float.
 */
export function money(amount: Minor, currency: string): string {
  return decimal(BigInt(amount), digitsOf(currency));
}

/** As `money`, always with its sign: a difference. */
export function delta(amount: Minor, currency: string): string {
  const minor = BigInt(amount);
  return minor > 0n ? `+${money(amount, currency)}` : money(amount, currency);
}

function decimal(minor: bigint, digits: number): string {
  const size = minor < 0n ? -minor : minor;
  const text = size.toString().padStart(digits + 1, '0');
  const whole = BigInt(text.slice(0, text.length - digits));
  const fraction = digits === 0 ? '' : `${separator()}${text.slice(-digits)}`;
  return `${minor < 0n ? MINUS : ''}${grouped(whole)}${fraction}`;
}

const groups = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

function grouped(whole: bigint): string {
  return groups.format(whole);
}

function separator(): string {
  return new Intl.NumberFormat(LOCALE).formatToParts(0.5).find((part) => part.type === 'decimal')?.value ?? '.';
}

/** A whole number of any size with its groups: 3,005,956. */
export function integer(n: Minor): string {
  return decimal(BigInt(n), 0);
}

/** A count with its groups: 12,000. */
export function count(n: number): string {
  return groups.format(Math.trunc(n));
}

/**
 * A share as a percentage with two digits, rounded down: it says 100 % only where nothing is left out.
 */
export function percent(share: number): string {
  const hundredths = Math.floor(share * 10_000 + 1e-6);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** Adds amounts of one currency. */
export function sum(amounts: readonly Minor[]): Minor {
  return amounts.reduce<bigint>((total, amount) => total + BigInt(amount), 0n).toString();
}
