import { lazy, Suspense, useState } from 'react';
import { rate } from '../format/rate';
import { useSourceColour } from '../live/context';
import type { Rates } from '../live/rates';
import { texts } from '../texts';
import { Boundary } from './Boundary';

const load = () => lazy(() => import('./RateLines'));

/** Events per second by source; where there is no line it says why. The chart itself is loaded when it is needed. */
export function RateChart({ rates, sources, heard }: { rates: Rates | undefined; sources: string[]; heard: boolean }) {
  const colour = useSourceColour();
  // One that could not be loaded stays so: to try again is another one.
  const [RateLines, setRateLines] = useState(load);
  if (!heard) return <p className="chart-none">{texts.rates.none}</p>;
  if (rates === undefined || rates.timesS.length < 2) return <p className="chart-none">{texts.rates.empty}</p>;
  const silent = [...rates.bySource.values()].every((values) => values.every((value) => value === null || value === 0));
  if (silent) return <p className="chart-none">{texts.rates.silent}</p>;
  const lines = sources.map((source) => ({ source, colour: colour(source), values: rates.bySource.get(source) ?? [] }));
  const now = lines.map(({ source, values }) => `${source} ${rate(values.at(-1) ?? 0)}`).join(', ');
  return (
    <Boundary
      instead={(_, retry) => (
        <div className="chart-none">
          <span role="alert">{texts.rates.failed}</span>
          <span className="figure">{texts.rates.label(now)}</span>
          <button
            type="button"
            className="button small"
            onClick={() => {
              setRateLines(load);
              retry();
            }}
          >
            {texts.retry}
          </button>
        </div>
      )}
    >
      <div className="chart figure" role="img" aria-label={texts.rates.label(now)}>
        <Suspense fallback={null}>
          <RateLines timesS={rates.timesS} lines={lines} />
        </Suspense>
      </div>
    </Boundary>
  );
}
