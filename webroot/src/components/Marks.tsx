import { texts } from '../texts';
import type { Severity, State } from '../wire/types';

/** The split tally stick: two halves whose notches meet. */
export function TallyMark({ className = '' }: { className?: string }) {
  return (
    <svg className={`mark ${className}`} viewBox="0 0 20 24" width="20" height="24" aria-hidden="true">
      <path d="M0 1h8v5L5 9l3 3-3 3 3 3v5H0z" />
      <path d="M12 1h8v22h-8v-5l-3-3 3-3-3-3 3-3z" />
    </svg>
  );
}

/** The same motif for a state: closed where the sources agree, open where they do not, half of it where one is awaited. */
export function StateMark({ state }: { state: State }) {
  const apart = state === 'MISMATCHED' ? 2 : 0;
  const hollow = state === 'PENDING' || state === 'OVERDUE';
  return (
    <svg className={`state-mark state-${state.toLowerCase()}`} viewBox="0 0 20 16" width="20" height="16" aria-hidden="true">
      <path d="M2 1h7v4L7 8l2 3v4H2z" transform={`translate(${-apart} 0)`} />
      <path
        className={hollow ? 'hollow' : ''}
        d={hollow ? 'M10.500 1.500h7v13h-7v-3l-2-3.500 2-3.500z' : 'M10 1h8v14h-8v-4L8 8l2-3z'}
        transform={`translate(${apart + (hollow ? 1 : 0)} 0)`}
      />
    </svg>
  );
}

/** Severity by shape first: a filled, a half, an outlined triangle, an outlined circle. Colour only repeats it. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <svg
      className={`severity-mark severity-${severity.toLowerCase()}`}
      viewBox="0 0 12 12"
      width="12"
      height="12"
      role="img"
      aria-label={texts.severity[severity]}
    >
      {severity === 'CRITICAL' && <path d="M6 .8 11.600 11H.4z" />}
      {severity === 'HIGH' && (
        <>
          <path d="M6 .8 11.600 11H.4z" className="outline" />
          <path d="M6 1.500V11H.8z" />
        </>
      )}
      {severity === 'MEDIUM' && <path d="M6 1.600 11 10.400H1z" className="outline" />}
      {severity === 'LOW' && <circle cx="6" cy="6.500" r="3.500" className="outline" />}
    </svg>
  );
}

/** A source in its colour; the name is always beside it. */
export function SourceDot({ className }: { className: string }) {
  return <span className={`source-dot ${className}`} aria-hidden="true" />;
}
