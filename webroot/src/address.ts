/** The id in the address of a transaction's page; the router decodes its parameters half, and an id may hold anything. */
export function idInAddress(pathname: string): string {
  const part = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
