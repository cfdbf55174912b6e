import { useMemo, type ReactNode } from 'react';
import { useSearch } from 'wouter';
import { Feed, SHOWN_MAX } from '../components/Feed';
import { KpiRow } from '../components/KpiRow';
import { NoEvents } from '../components/NoEvents';
import { NoReconciliation } from '../components/NoReconciliation';
import { RateChart } from '../components/RateChart';
import { Skeleton } from '../components/Skeleton';
import { TypeBars } from '../components/TypeBars';
import { count } from '../format/money';
import { clock } from '../format/time';
import { useLive, useLiveState, useLiveStore, useNow, useScope } from '../live/context';
import { openRows, type Row } from '../live/feed';
import { sourcesOf } from '../live/rates';
import { inScope, isEmpty, isUnknown, totals, type Totals } from '../live/totals';
import { texts } from '../texts';

/** How long a summary of changes is spoken of after the list has been read again. */
const SUMMARY_SHOWN_MS = 8_000;

export function Overview() {
  const live = useLive();
  const state = useLiveState();
  const scope = useScope(useSearch());
  const rows = useMemo(() => openRows(live.feed, scope), [live.feed, scope]);
  const chosen = useMemo(() => (live.kpi === null ? [] : inScope(live.kpi, scope)), [live.kpi, scope]);
  const sums = useMemo(() => totals(chosen), [chosen]);

  const waiting = live.kpi === null;
  const nothing = live.kpi !== null && isEmpty(live.kpi) && rows.length === 0;
  if (isUnknown(live.kpi, scope)) return <NoReconciliation name={scope} known={live.kpi?.reconciliations.map((one) => one.name) ?? []} />;

  return (
    <div className="overview">
      <Notice />
      {waiting ? <Skeleton kind="kpis" /> : <KpiRow totals={sums} />}
      {nothing ? (
        <NoEvents />
      ) : (
        <>
          <div className="charts">
            <Section title={texts.rates.title} note={texts.rates.window}>
              <RateChart rates={live.rates.get(scope)} sources={sourcesOf(chosen)} heard={!waiting || state.kind === 'connecting'} />
            </Section>
            <Section title={texts.types.title} note={texts.types.window}>
              <TypeBars byType={sums.byType} />
            </Section>
          </div>
          <Section title={texts.feed.title} note={<FeedNote rows={rows} open={waiting ? null : sums.open} />} aside={texts.feed.keys}>
            {rows.length > 0 ? (
              <Feed rows={rows} all={live.feed.rows} scope={scope} />
            ) : (
              <NoRows joined={live.feed.joined !== null} failed={live.snapshotError !== null} sums={sums} />
            )}
          </Section>
        </>
      )}
    </div>
  );
}

function Section({ title, note, aside, children }: { title: string; note: ReactNode; aside?: string; children: ReactNode }) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        <span className="section-note">{note}</span>
        {aside !== undefined && <span className="section-aside">{aside}</span>}
      </div>
      {children}
    </section>
  );
}

/** How many of how many, and what became of changes that came as a summary. */
function FeedNote({ rows, open }: { rows: readonly Row[]; open: number | null }) {
  const { summary } = useLive();
  const now = useNow(1_000);
  if (summary !== null && (!summary.reloaded || now - summary.atMs < SUMMARY_SHOWN_MS)) {
    const n = count(summary.count);
    return <span role="status">{summary.reloaded ? texts.feed.reloaded(n) : texts.feed.summarised(n)}</span>;
  }
  if (rows.length === 0) return null;
  const shown = Math.min(rows.length, SHOWN_MAX);
  return <>{open !== null && open > shown ? texts.feed.shown(count(shown), count(open)) : texts.feed.all(count(shown))}</>;
}

function NoRows({ joined, failed, sums }: { joined: boolean; failed: boolean; sums: Totals }) {
  const store = useLiveStore();
  if (joined && sums.open === 0) {
    return (
      <div className="nothing">
        <b>{texts.feed.nothing}</b>
        <p>{texts.feed.nothingNote(count(sums.judged))}</p>
      </div>
    );
  }
  if (!failed) return <Skeleton kind="rows" label={texts.feed.loading} />;
  return (
    <div className="nothing">
      <b>{texts.feed.failedEmpty}</b>
      <p>{texts.feed.failedEmptyNote}</p>
      <button type="button" className="button" onClick={() => store.retry()}>{texts.retry}</button>
    </div>
  );
}

/** What is wrong with what is shown, above everything it concerns. */
function Notice() {
  const live = useLive();
  const state = useLiveState();
  const said: string[] = [];
  if (state.kind === 'stale') said.push(texts.live.reason[state.reason]);
  if (live.snapshotError !== null) said.push(texts.feed.failed(clock(live.snapshotError.sinceMs), live.snapshotError.why));
  if (said.length === 0) return null;
  return (
    <div className="notice">
      {said.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </div>
  );
}
