import { count } from '../format/money';
import { texts, word } from '../texts';
import { TYPES, type MismatchType } from '../wire/types';

/** Open mismatches by type: bars from zero, always all eight in the same place, so that a change is seen as one. */
export function TypeBars({ byType }: { byType: Partial<Record<MismatchType, number>> }) {
  const most = Math.max(1, ...TYPES.map((type) => byType[type] ?? 0));
  return (
    <ul className="bars figure">
      {TYPES.map((type) => {
        const n = byType[type] ?? 0;
        return (
          <li key={type} data-none={n === 0} aria-label={texts.types.open(word(type), count(n))}>
            <span className="bar-name">{word(type)}</span>
            <span className="bar-track">
              <span className={type === 'MISSING' ? 'bar overdue' : 'bar'} style={{ width: `${(100 * n) / most}%` }} />
            </span>
            <span className="bar-count">{count(n)}</span>
          </li>
        );
      })}
    </ul>
  );
}
