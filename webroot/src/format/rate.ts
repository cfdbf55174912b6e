/** A rate per second, with a tenth below ten: 3.5, 420. */
export function rate(perSecond: number): string {
  return perSecond < 10 ? (Math.round(perSecond * 10) / 10).toString() : Math.round(perSecond).toString();
}
