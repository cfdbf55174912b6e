import { useEffect, useRef } from 'react';
import { absolute } from '../format/time';
import { useSourceColour } from '../live/context';
import { texts, word } from '../texts';
import type { TransactionEvent } from '../wire/types';
import { CopyButton } from './CopyButton';
import { SourceDot } from './Marks';

/** The events as the engine keeps them, each with the place it was read from. On paper all are open. */
export function RawEvents({ events, sources }: { events: readonly TransactionEvent[]; sources: readonly string[] }) {
  const box = useRef<HTMLDivElement>(null);
  const colour = useSourceColour(sources);
  useEffect(() => {
    const openAll = () => box.current?.querySelectorAll('details').forEach((one) => (one.open = true));
    addEventListener('beforeprint', openAll);
    return () => removeEventListener('beforeprint', openAll);
  }, []);

  if (events.length === 0) return <p className="note">{texts.detail.rawNone}</p>;
  return (
    <div className="raw" ref={box}>
      {events.map(({ topic, partition, offset, recorded_at, ...event }) => {
        const json = JSON.stringify(event, null, 2);
        return (
          <details key={`${topic}/${partition}/${offset}`}>
            <summary>
              <SourceDot className={colour(event.source)} />
              <b>{event.source}</b>
              <span className="raw-type">{word(event.event_type)}</span>
              <span className="place" title={absolute(Date.parse(recorded_at))}>{texts.detail.place(topic, partition, offset)}</span>
            </summary>
            <div className="snippet">
              <pre tabIndex={0}>{json}</pre>
              <CopyButton text={json} />
            </div>
          </details>
        );
      })}
    </div>
  );
}
