/** The shape of what comes. It shows only after 300 ms: what is quicker needs no announcement. */
export function Skeleton({ kind, label }: { kind: 'kpis' | 'rows' | 'matrix'; label?: string }) {
  const n = kind === 'kpis' ? 5 : kind === 'rows' ? 8 : 4;
  return (
    <div className={`skeleton skeleton-${kind}`} role="status" aria-label={label}>
      {Array.from({ length: n }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}
