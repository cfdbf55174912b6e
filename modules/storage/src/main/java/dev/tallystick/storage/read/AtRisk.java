package dev.tallystick.storage.read;

/**
 * The sum over the transactions with an open mismatch of the largest amount at stake among their
 * open mismatches: |delta| for AMOUNT, else the size of the transaction's amount.
 *
 * @param amountMinor minor units of {@code currency}; a sum that no long holds is the largest long
 */
public record AtRisk(String currency, long amountMinor) {}
