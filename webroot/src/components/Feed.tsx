import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Link } from 'wouter';
import { absolute, span } from '../format/time';
import { difference, disagreeing, sides, unit, valueTitle } from '../format/values';
import { useNow, useSourceColour } from '../live/context';
import { covers, newestFirst, type Row } from '../live/feed';
import { texts, word } from '../texts';
import { SeverityMark, SourceDot } from './Marks';

/** Rows drawn at most; above it the newest are shown, and the heading says of how many. */
export const SHOWN_MAX = 200;
const FADE_MS = 400;

/** The open mismatches, newest first. j and k move, Enter opens: each row's link is what has the focus. */
export function Feed({ rows, all, scope }: { rows: readonly Row[]; all: ReadonlyMap<string, Row>; scope: string }) {
  const now = useNow(1_000);
  const body = useRef<HTMLTableSectionElement>(null);
  const shown = useWithLeaving(rows, all, scope);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key === 'j' || event.key === 'k') move(body.current, event.key === 'j' ? 1 : -1, event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const columns = texts.feed.columns;
  return (
    <table className="feed figure" role="table" aria-label={texts.feed.title}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" className="c-severity">{columns.severity}</th>
          <th role="columnheader" className="c-type">{columns.type}</th>
          <th role="columnheader" className="c-txn">{columns.transaction}</th>
          <th role="columnheader" className="c-source">{columns.source}</th>
          <th role="columnheader" className="c-values">{columns.values}</th>
          <th role="columnheader" className="c-delta" aria-label={texts.feed.difference}>{columns.delta}</th>
          <th role="columnheader" className="c-age">{columns.age}</th>
          <th role="columnheader" className="c-reconciliation">{columns.reconciliation}</th>
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        {shown.slice(0, SHOWN_MAX).map((row) => (
          <FeedRow key={row.item.id} row={row} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function FeedRow({ row, now }: { row: Row; now: number }) {
  const colour = useSourceColour();
  const { item } = row;
  const { source, against } = disagreeing(item);
  const { expected, actual } = sides(item);
  const openedAt = Date.parse(item.opened_at);
  // Another class for another message: a changed row is tinted anew, and keeps the focus.
  const arrival = row.live ? `fresh-${row.seq % 2}` : '';
  return (
    <tr role="row" className={row.open ? arrival : 'leaving'} data-id={item.id}>
      <td role="cell" className={`c-severity severity-${item.severity.toLowerCase()}`}>
        <SeverityMark severity={item.severity} />
        <span className="severity-word" aria-hidden="true">{texts.severity[item.severity]}</span>
      </td>
      <td role="cell" className="c-type">{word(item.type)}</td>
      <td role="cell" className="c-txn">
        <Link href={`/transactions/${encodeURIComponent(item.txn_id)}?reconciliation=${encodeURIComponent(item.reconciliation)}`}>
          {item.txn_id}
        </Link>
      </td>
      <td role="cell" className="c-source">
        <SourceDot className={colour(source)} />
        {source}
        {against.length > 0 && <span className="against"> {texts.feed.against(against.join(', '))}</span>}
      </td>
      <td role="cell" className="c-values">
        <span className="expected" title={valueTitle(item.expected) ?? expected}>{expected}</span>
        <span className="arrow"> → </span>
        <span className="actual" title={valueTitle(item.actual) ?? actual}>{actual}</span>
        {unit(item) !== null && <span className="currency"> {unit(item)}</span>}
      </td>
      <td role="cell" className="c-delta">{difference(item) ?? ''}</td>
      <td role="cell" className="c-age" title={absolute(openedAt)}>{span(Math.max(0, now - openedAt))}</td>
      <td role="cell" className="c-reconciliation">{item.reconciliation}</td>
    </tr>
  );
}

/** The open rows, and for a moment those just closed, so that one can see where they went. */
function useWithLeaving(rows: readonly Row[], all: ReadonlyMap<string, Row>, scope: string): Row[] {
  const before = useRef<ReadonlySet<string>>(new Set());
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    const gone = [...before.current].filter((id) => all.get(id)?.open === false);
    before.current = new Set(rows.map((row) => row.item.id));
    if (gone.length === 0) return;
    setLeaving((ids) => new Set([...ids, ...gone]));
    setTimeout(() => setLeaving((ids) => new Set([...ids].filter((id) => !gone.includes(id)))), FADE_MS);
  }, [rows, all]);

  const fading = [...leaving].map((id) => all.get(id)).filter((row) => row !== undefined && !row.open && covers(scope, row.stream)) as Row[];
  return fading.length === 0 ? [...rows] : [...rows, ...fading].sort(newestFirst);
}

/** To the next link of the list; from outside of it to the first. Not while someone types. */
function move(body: HTMLElement | null, by: number, event: globalThis.KeyboardEvent | KeyboardEvent) {
  if (body === null || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog') !== null) return;
  const links = [...body.querySelectorAll<HTMLAnchorElement>('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];
  next?.focus();
  next?.scrollIntoView?.({ block: 'nearest' });
}
