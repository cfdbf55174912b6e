import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Live, LiveStore } from './live';
import { ALL } from './feed';
import { liveState, type LiveState } from './indicator';
import { sourcesOf } from './rates';

const LiveContext = createContext<LiveStore | null>(null);

export function LiveProvider({ store, children }: { store: LiveStore; children: ReactNode }) {
  return <LiveContext.Provider value={store}>{children}</LiveContext.Provider>;
}

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error('no LiveProvider above this component');
  return store;
}

export function useLive(): Live {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.current);
}

/** The time, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function useLiveState(everyMs = 500): LiveState {
  const { pulse } = useLive();
  const now = useNow(everyMs);
  // A message may be younger than the last tick.
  return liveState(pulse, Math.max(now, pulse.heardAtMs));
}

/** A source's colour class: by its place among all sources of all definitions, so that it is the same on every page. */
export function useSourceColour(fallback: readonly string[] = []): (source: string) => string {
  const { kpi } = useLive();
  const sources = [...new Set([...(kpi === null ? [] : sourcesOf(kpi.reconciliations)), ...fallback])];
  return (source) => `source-${(Math.max(0, sources.indexOf(source)) % 7) + 1}`;
}

/** What the address asks to look at: a reconciliation, which may not exist, or all. */
export function useScope(search: string): string {
  return new URLSearchParams(search).get('reconciliation') ?? ALL;
}
