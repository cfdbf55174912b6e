import { useLive, useLiveState, useNow } from '../live/context';
import { ALL } from '../live/feed';
import { watermarkAgeMs, type LiveState } from '../live/indicator';
import { clock, seconds } from '../format/time';
import { texts } from '../texts';
import type { KpiMessage } from '../wire/types';

/** The promise of the page: how old is what you see. */
export function LiveIndicator({ scope }: { scope: string }) {
  const { pulse, kpi } = useLive();
  const now = useNow(500);
  const state = useLiveState();
  const known = watermarkAgeMs(pulse, watermark(kpi, scope), Math.max(now, pulse.heardAtMs));
  const behind = state.kind === 'live' || state.kind === 'late';
  return (
    <div className={`live live-${state.kind}`} title={state.kind === 'stale' ? texts.live.reason[state.reason] : undefined}>
      <span className="live-dot" aria-hidden="true" />
      <LiveText state={state} />
      {behind && kpi !== null && (
        <span className="live-watermark" title={texts.live.watermarkTitle}>
          {known === null ? texts.live.noWatermark : texts.live.watermark(seconds(known))}
        </span>
      )}
      {/* What is read aloud is the state; its age would never stop talking. */}
      <span className="unseen" role="status" aria-live="polite">
        {state.kind === 'stale' ? `${texts.live.stale(clock(state.sinceMs))}. ${texts.live.reason[state.reason]}` : texts.live[state.kind]}
      </span>
    </div>
  );
}

export function LiveText({ state }: { state: LiveState }) {
  switch (state.kind) {
    case 'connecting':
      return <span className="live-text" aria-hidden="true">{texts.live.connecting}</span>;
    case 'live':
    case 'late':
      return (
        <span className="live-text" aria-hidden="true">
          {texts.live[state.kind]} <span className="live-age">{seconds(state.ageMs)}</span>
        </span>
      );
    case 'stale':
      return <span className="live-text" aria-hidden="true">{texts.live.stale(clock(state.sinceMs))}</span>;
  }
}

/** The earliest of those looked at; one that has none hides nothing: then there is none. */
function watermark(kpi: KpiMessage | null, scope: string): number | null {
  const marks = (kpi?.reconciliations ?? []).filter((one) => scope === ALL || one.name === scope).map((one) => one.watermark);
  if (marks.length === 0 || marks.includes(null)) return null;
  return Math.min(...marks.map((mark) => Date.parse(mark!)));
}
