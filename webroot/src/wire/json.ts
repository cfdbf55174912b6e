/**
 * JSON in which integers too large for a double stay exact: they become strings, which `Minor` values may be.
 * Without it an amount above 2^53 minor units would be rounded before anyone could say so.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(quoteLargeIntegers(text)) as unknown;
}

const STRING_OR_LARGE_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\d.])-?\d{16,}(?![\d.eE])/g;

/** Integers of 16 digits and more in quotes; texts are left alone, whatever they hold. */
export function quoteLargeIntegers(text: string): string {
  return text.replace(STRING_OR_LARGE_INTEGER, (token) => (token.startsWith('"') ? token : `"${token}"`));
}
