import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useSearch } from 'wouter';
import { ComparisonMatrix } from '../components/ComparisonMatrix';
import { StateMark } from '../components/Marks';
import { Message } from '../components/Message';
import { RawEvents } from '../components/RawEvents';
import { Skeleton } from '../components/Skeleton';
import { Timeline } from '../components/Timeline';
import { absolute, clock, moment } from '../format/time';
import { headlineDifference } from '../format/values';
import { verdict } from '../format/verdict';
import { useLive, useLiveStore, useNow } from '../live/context';
import { texts } from '../texts';
import { RestError, transaction } from '../wire/rest';
import type { Transaction, TransactionLine } from '../wire/types';

/** Between two readings of the same transaction, however many reports arrive. */
const REREAD_MS = 1_000;
/** As long, where a message does not say which transactions it speaks of. */
const REREAD_UNNAMED_MS = 2_000;
/** Without any message: the page is under the same promise as the rest, and messages name only some transactions. */
const REREAD_ANYWAY_MS = 5_000;

/** Everything about one transaction on one screen. It is read again when a message speaks of it, or may. */
export function TransactionPage({ txnId }: { txnId: string }) {
  const reconciliation = new URLSearchParams(useSearch()).get('reconciliation');
  const key = ['transaction', txnId, reconciliation];
  const { data, dataUpdatedAt, error, isPending, refetch } = useQuery({
    queryKey: key,
    queryFn: () => transaction(txnId, reconciliation),
    refetchInterval: REREAD_ANYWAY_MS,
    retry: (failures, why) => failures < 2 && !(why instanceof RestError && why.status >= 400 && why.status < 500),
  });
  useRereading(txnId, key);

  if (isPending) return <Skeleton kind="matrix" label={texts.detail.loading} />;
  if (data === undefined) return <Failed txnId={txnId} error={error} retry={() => void refetch()} />;
  if ('several' in data) return <Choice txnId={txnId} lines={data.several} />;
  return <Detail of={data.one} readAtMs={dataUpdatedAt} kept={error === null ? null : error.message} />;
}

/** Reads again when a message names the transaction or names only some, and after each new connection: who knows what was said meanwhile. */
function useRereading(txnId: string, key: readonly unknown[]) {
  const store = useLiveStore();
  const client = useQueryClient();
  const { connected } = useLive().pulse;
  const next = useRef<{ timer: ReturnType<typeof setTimeout>; atMs: number } | null>(null);
  const latest = useRef(key);
  latest.current = key;

  useEffect(() => {
    const cancel = () => {
      if (next.current !== null) clearTimeout(next.current.timer);
      next.current = null;
    };
    const reread = (inMs: number) => {
      const atMs = Date.now() + inMs;
      if (next.current !== null && next.current.atMs <= atMs) return;
      cancel();
      const timer = setTimeout(() => {
        next.current = null;
        void client.invalidateQueries({ queryKey: latest.current });
      }, inMs);
      next.current = { timer, atMs };
    };
    if (connected) reread(REREAD_MS);
    const stop = store.onTransaction((id) => {
      if (id === txnId) reread(REREAD_MS);
      else if (id === null) reread(REREAD_UNNAMED_MS);
    });
    return () => {
      stop();
      cancel();
    };
  }, [store, client, txnId, connected]);
}

function Detail({ of, readAtMs, kept }: { of: Transaction; readAtMs: number; kept: string | null }) {
  const now = useNow(1_000);
  const delta = headlineDifference(of.mismatches);
  const version = of.version === 0 ? texts.detail.notStored : texts.detail.version(of.version);
  return (
    <article className="detail">
      {kept !== null && <p className="notice">{texts.detail.kept(kept)}</p>}
      <header className="headline">
        <h2 className="txn-id">{of.txn_id}</h2>
        <p className={`headline-state state-${of.state.toLowerCase()}`}>
          <StateMark state={of.state} />
          <b>{of.label}</b>
          {delta !== null && <span className="headline-delta">{delta}</span>}
        </p>
        <p className="headline-meta">
          <span>{of.reconciliation}</span>
          <span>{version}</span>
          {of.rule_version !== null && <span>{texts.detail.rules(of.rule_version)}</span>}
          <span>{texts.detail.partition(of.partition)}</span>
          {of.updated_at !== null && (
            <span title={absolute(Date.parse(of.updated_at))}>{texts.detail.changed(moment(Date.parse(of.updated_at), now))}</span>
          )}
          <span title={absolute(readAtMs)}>{texts.detail.asOf(clock(readAtMs))}</span>
        </p>
      </header>
      <div className="detail-columns">
        <div>
          <Part title={texts.detail.comparison}>
            <ComparisonMatrix of={of} />
          </Part>
          <Part title={texts.detail.verdict} note={texts.states[of.state]}>
            <ul className="verdict">
              {verdict(of, now).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </Part>
        </div>
        <Part title={texts.detail.timeline}>
          <Timeline of={of} nowMs={now} />
        </Part>
      </div>
      <Part title={texts.detail.raw} note={texts.detail.rawNote}>
        <RawEvents events={of.events} sources={of.matrix.sources} />
      </Part>
    </article>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h3>{title}</h3>
        {note !== undefined && <span className="section-note">{note}</span>}
      </div>
      {children}
    </section>
  );
}

function Choice({ txnId, lines }: { txnId: string; lines: TransactionLine[] }) {
  return (
    <Message title={texts.detail.several(txnId)}>
      <p>{texts.detail.severalNote}</p>
      <ul className="choice">
        {lines.map((line) => (
          <li key={line.reconciliation}>
            <Link href={`/transactions/${encodeURIComponent(txnId)}?reconciliation=${encodeURIComponent(line.reconciliation)}`}>
              {line.reconciliation}
            </Link>
            <span className={`headline-state state-${line.state.toLowerCase()}`}>
              <StateMark state={line.state} />
              {line.label}
            </span>
          </li>
        ))}
      </ul>
    </Message>
  );
}

function Failed({ txnId, error, retry }: { txnId: string; error: Error | null; retry: () => void }) {
  const status = error instanceof RestError ? error.status : 0;
  if (status === 404) {
    return (
      <Message title={texts.detail.gone(txnId)}>
        <p>{texts.detail.goneNote}</p>
        <button type="button" className="button" onClick={retry}>{texts.retry}</button>
      </Message>
    );
  }
  if (status === 401 || status === 403) {
    return (
      <Message title={texts.detail.forbidden} role="alert">
        <p>{texts.detail.forbiddenNote}</p>
      </Message>
    );
  }
  return (
    <Message title={texts.detail.failed} role="alert">
      <p>{texts.detail.failedNote(error?.message ?? '')}</p>
      <button type="button" className="button" onClick={retry}>{texts.retry}</button>
    </Message>
  );
}
