import { axis } from '../format/axis';
import { absolute, clock, clockExact, moment, offset, span } from '../format/time';
import { useSourceColour } from '../live/context';
import { texts, word } from '../texts';
import type { TimelineItem, Transaction } from '../wire/types';

/** What happened, on a time axis with its deadlines, and in sentences below it. */
export function Timeline({ of, nowMs }: { of: Transaction; nowMs: number }) {
  const colour = useSourceColour(of.matrix.sources);
  const deadlines = withDeadlines(of);
  const items = [...of.timeline, ...deadlines].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (items.length === 0) return <p className="note">{texts.detail.rawNone}</p>;

  const times = items.map((item) => Date.parse(item.at));
  const line = axis(times);
  const first = times[0]!;
  const last = times.at(-1)!;
  const isSource = (by: string | null): by is string => by !== null && of.matrix.sources.includes(by);

  return (
    <div className="timeline figure">
      {last > first && (
        <div className="axis" aria-hidden="true">
          <span className="axis-line" />
          {items.map((item, i) => (
            <span
              key={i}
              className={`tick tick-${item.kind.toLowerCase()} ${item.kind === 'EVENT' && isSource(item.by) ? colour(item.by) : ''}`}
              style={{ left: `${100 * line.place(times[i]!)}%` }}
              title={`${clockExact(times[i]!)} ${item.text}`}
            />
          ))}
          {line.cuts.map((cut) => (
            <span key={cut.at} className="cut" style={{ left: `${100 * cut.at}%` }}>
              {`// ${span(cut.ms)}`}
            </span>
          ))}
          {first <= nowMs && nowMs < last && <span className="axis-now" style={{ left: `${100 * line.place(nowMs)}%` }} title={texts.detail.now} />}
          <span className="axis-from">{moment(first, nowMs)}</span>
          <span className="axis-to">{sameDay(first, last) ? clock(last) : moment(last, nowMs)}</span>
        </div>
      )}
      {line.cuts.length > 0 && <p className="note">{texts.detail.axisBroken}</p>}
      <ol>
        {items.map((item, i) => (
          <li key={i} className={`kind-${item.kind.toLowerCase()}`} data-future={times[i]! > nowMs}>
            <time dateTime={item.at} title={absolute(times[i]!)}>{sameDay(first, times[i]!) ? clockExact(times[i]!) : moment(times[i]!, nowMs)}</time>
            <span className="since">{i === 0 ? '' : offset(times[i]! - first)}</span>
            <span className={`tick tick-${item.kind.toLowerCase()} ${item.kind === 'EVENT' && isSource(item.by) ? colour(item.by) : ''}`} aria-hidden="true" />
            <span className="what">
              {item.text}
              {item.by !== null && !isSource(item.by) && !item.text.includes(item.by) && <span className="by"> {item.by}</span>}
              {item.kind !== 'EVENT' && <span className="unseen"> {word(item.kind)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Deadlines still ahead, where the timeline does not name them itself. */
function withDeadlines(of: Transaction): TimelineItem[] {
  return Object.entries(of.deadlines)
    .filter(([source, at]) => !of.timeline.some((item) => item.kind === 'DEADLINE' && item.by === source && item.at === at))
    .map(([source, at]) => ({ at, kind: 'DEADLINE', by: source, text: texts.detail.deadline(source) }));
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
