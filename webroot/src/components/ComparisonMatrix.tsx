import { delta as moneyDelta, isMinor } from '../format/money';
import { clock, offset } from '../format/time';
import { value, valueTitle } from '../format/values';
import { useSourceColour } from '../live/context';
import { texts } from '../texts';
import type { Cell, Transaction } from '../wire/types';
import { SourceDot } from './Marks';

/** Field by source. What differs is marked by weight and a marker with the difference; what agrees recedes. */
export function ComparisonMatrix({ of }: { of: Transaction }) {
  const { fields, sources, cells } = of.matrix;
  const colour = useSourceColour(sources);
  const reference = of.reference === null ? -1 : sources.indexOf(of.reference);
  const currencies = cells[fields.indexOf('currency')];
  const missing = new Set(of.mismatches.filter((one) => one.type === 'MISSING' && one.closed_at === null).map((one) => one.source));
  if (fields.length === 0) return <p className="note">{texts.detail.noReports}</p>;

  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={texts.detail.comparison}>
      <table className="matrix figure">
        <thead>
          <tr>
            <th scope="col" className="field">{texts.detail.field}</th>
            {sources.map((source) => (
              <th scope="col" key={source}>
                <SourceDot className={colour(source)} />
                {source}
                {source === of.reference && <span className="aside"> {texts.detail.reference}</span>}
                {missing.has(source) && <span className="aside overdue"> {texts.detail.missing}</span>}
                {!missing.has(source) && of.deadlines[source] !== undefined && (
                  <span className="aside waiting"> {texts.detail.due(clock(Date.parse(of.deadlines[source])))}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((field, f) => {
            const row = cells[f] ?? [];
            return (
              <tr key={field} className={row.some((cell) => cell.differs) ? 'differs' : 'agrees'}>
                <th scope="row" className="field">{texts.detail.fields[field] ?? field}</th>
                {sources.map((source, s) => {
                  const cell = row[s] ?? { value: null, differs: false };
                  const currency = currencies?.[s]?.value ?? of.currency;
                  return (
                    <td key={source} className={cell.differs ? 'differs' : undefined} title={valueTitle(cell.value)}>
                      <MatrixValue
                        cell={cell}
                        base={s === reference ? null : (row[reference] ?? null)}
                        field={field}
                        currency={currency === null ? null : String(currency)}
                      />
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function MatrixValue({ cell, base, field, currency }: { cell: Cell; base: Cell | null; field: string; currency: string | null }) {
  const distance = base === null ? null : distanceOf(cell, base, field, currency);
  return (
    <>
      <span className={cell.value === null ? 'value absent' : 'value'}>{value(cell.value, field, currency)}</span>
      {distance !== null && (
        <span className="distance">
          {cell.differs && 'Δ '}
          {distance}
        </span>
      )}
      {cell.differs && (
        <span className="marker">
          <span aria-hidden="true">◀</span>
          <span className="unseen">{texts.detail.differs}</span>
        </span>
      )}
    </>
  );
}

/** How far from the reference: money where it differs, a time always where it is not the same. */
function distanceOf(cell: Cell, base: Cell, field: string, currency: string | null): string | null {
  if (cell.value === null || base.value === null) return null;
  if (field === 'timestamp') {
    const ms = Date.parse(String(cell.value)) - Date.parse(String(base.value));
    return ms === 0 || Number.isNaN(ms) ? null : offset(ms);
  }
  if (field !== 'amount' || !cell.differs || currency === null || !isMinor(cell.value) || !isMinor(base.value)) return null;
  return moneyDelta((BigInt(cell.value) - BigInt(base.value)).toString(), currency);
}
