import type { ReactNode } from 'react';
import { count, money, percent } from '../format/money';
import { absolute, moment, span } from '../format/time';
import { useNow } from '../live/context';
import type { Totals } from '../live/totals';
import { texts } from '../texts';
import { SEVERITIES } from '../wire/types';
import { SeverityMark } from './Marks';

/** The five questions, left to right: is anything wrong, how much money, what only waits, since when, how often. */
export function KpiRow({ totals }: { totals: Totals }) {
  const now = useNow(1_000);
  const oldest = totals.oldestOpenedAt === null ? null : Date.parse(totals.oldestOpenedAt);
  return (
    <dl className="kpis">
      <Kpi name="open" label={texts.kpi.open}>
        <span className={`kpi-value ${totals.open > 0 ? 'bad' : ''}`}>{count(totals.open)}</span>
        <ul className="severities">
          {SEVERITIES.map((severity) => (
            <li key={severity} className={`severity-${severity.toLowerCase()}`} data-none={!totals.bySeverity[severity]}>
              <SeverityMark severity={severity} />
              <b>{count(totals.bySeverity[severity] ?? 0)}</b> {texts.severity[severity]}
            </li>
          ))}
        </ul>
      </Kpi>
      <Kpi name="risk" label={texts.kpi.atRisk}>
        <Risk totals={totals} />
      </Kpi>
      <Kpi name="pending" label={texts.kpi.pending}>
        <span className="kpi-value waiting">{count(totals.pending)}</span>
        <span className="kpi-note waiting">{texts.kpi.pendingNote}</span>
      </Kpi>
      <Kpi name="oldest" label={texts.kpi.oldest}>
        {oldest === null ? (
          <span className="kpi-value faint">{texts.kpi.none}</span>
        ) : (
          <>
            <span className="kpi-value" title={absolute(oldest)}>{span(Math.max(0, now - oldest))}</span>
            <span className="kpi-note" title={absolute(oldest)}>{texts.kpi.oldestSince(moment(oldest, now))}</span>
          </>
        )}
      </Kpi>
      <Kpi name="rate" label={texts.kpi.matchRate}>
        {totals.judged === 0 ? (
          <>
            <span className="kpi-value faint">–</span>
            <span className="kpi-note">{texts.kpi.matchRateNone}</span>
          </>
        ) : (
          <>
            <span className="kpi-value">
              {percent(totals.matched / totals.judged)}
              <span className="kpi-unit"> %</span>
            </span>
            <span className="kpi-note">{texts.kpi.matchRateOf(count(totals.matched), count(totals.judged))}</span>
          </>
        )}
      </Kpi>
    </dl>
  );
}

function Kpi({ name, label, children }: { name: string; label: string; children: ReactNode }) {
  return (
    <div className={`kpi kpi-${name}`}>
      <dt>{label}</dt>
      <dd className="figure">{children}</dd>
    </div>
  );
}

const CURRENCIES_SHOWN = 4;

function Risk({ totals }: { totals: Totals }) {
  if (totals.atRisk.length === 0) return <span className="kpi-value faint">{texts.kpi.atRiskNone}</span>;
  const rest = totals.atRisk.slice(CURRENCIES_SHOWN);
  return (
    <>
      <table className="risk">
        <tbody>
          {totals.atRisk.slice(0, CURRENCIES_SHOWN).map(({ currency, amount }) => (
            <tr key={currency}>
              <td>{money(amount, currency)}</td>
              <td className="currency">{currency}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest.length > 0 && (
        <span className="kpi-note" title={rest.map(({ currency, amount }) => `${money(amount, currency)} ${currency}`).join('\n')}>
          {texts.kpi.atRiskMore(rest.length)}
        </span>
      )}
    </>
  );
}
