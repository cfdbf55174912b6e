import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { idInAddress } from '../address';
import { useLive, useLiveState, useLiveStore, useScope } from '../live/context';
import { ALL } from '../live/feed';
import { isUnknown } from '../live/totals';
import { texts } from '../texts';
import { currentTheme, nextTheme, setTheme } from '../theme';
import { zone } from '../format/time';
import { Help } from './Help';
import { LiveIndicator } from './LiveIndicator';
import { TallyMark } from './Marks';

/** What is around every page: where one is, what is looked at, how old it is. */
export function Frame({ children }: { children: ReactNode }) {
  const [location, navigate] = useLocation();
  const named = useScope(useSearch());
  const store = useLiveStore();
  // Of a reconciliation that does not exist there is nothing to ask for.
  const scope = isUnknown(useLive().kpi, named) ? ALL : named;
  const state = useLiveState();
  const search = useRef<HTMLInputElement>(null);
  const [help, setHelp] = useState(false);
  const [theme, setShownTheme] = useState(currentTheme);
  const onOverview = location === '/' || location === '';
  const title = titleOf(onOverview, location);

  const changeTheme = () => {
    const next = nextTheme(currentTheme());
    setTheme(next);
    setShownTheme(next);
  };

  // On a transaction's page the list behind it stays complete.
  useEffect(() => store.look(onOverview ? scope : ALL), [store, scope, onOverview]);
  useEffect(() => {
    // Everything on the page that is a figure goes grey with it.
    document.documentElement.dataset['live'] = state.kind;
  }, [state.kind]);
  useEffect(() => {
    const id = location.startsWith('/transactions/') ? `${idInAddress(window.location.pathname)} · ` : '';
    document.title = `${id}${title} · ${texts.name}`;
  }, [location, title]);
  useKeys({
    '/': () => search.current?.focus(),
    '?': () => setHelp(true),
    t: changeTheme,
    o: (before) => before === 'g' && navigate('/'),
  });

  return (
    <div className="frame">
      <a className="skip" href="#content">{texts.skip}</a>
      <header className="side">
        <Link href="/" className="brand">
          <TallyMark />
          {texts.name}
        </Link>
        <nav aria-label={texts.navigation}>
          <Link href="/" aria-current={onOverview ? 'page' : undefined}>{texts.overview}</Link>
        </nav>
        <div className="side-foot">
          <button type="button" className="quiet" onClick={changeTheme}>{texts.theme[theme]}</button>
          <button type="button" className="quiet" onClick={() => setHelp(true)}>
            {texts.help} <kbd>?</kbd>
          </button>
          <span className="zone">{texts.times(zone())}</span>
        </div>
      </header>
      <div className="top">
        <h1>{title}</h1>
        <Search field={search} />
        {onOverview && <ScopeSelect scope={named} />}
        <LiveIndicator scope={onOverview ? scope : ALL} />
      </div>
      <main id="content" tabIndex={-1}>{children}</main>
      {help && <Help close={() => setHelp(false)} />}
    </div>
  );
}

function titleOf(onOverview: boolean, location: string): string {
  if (onOverview) return texts.overview;
  return location.startsWith('/transactions/') ? texts.transaction : texts.notFoundTitle;
}

function Search({ field }: { field: React.RefObject<HTMLInputElement | null> }) {
  const [, navigate] = useLocation();
  return (
    <form
      role="search"
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        const id = field.current?.value.trim() ?? '';
        if (id === '') return;
        field.current?.blur();
        navigate(`/transactions/${encodeURIComponent(id)}`);
      }}
    >
      <input
        ref={field}
        type="search"
        aria-label={texts.search}
        placeholder={texts.searchHint}
        autoComplete="off"
        spellCheck={false}
        maxLength={128}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

function ScopeSelect({ scope }: { scope: string }) {
  const { kpi } = useLive();
  const [, navigate] = useLocation();
  const known = (kpi?.reconciliations ?? []).map((one) => one.name);
  // The one in the address is offered also before the engine has named it.
  const names = scope === ALL || known.includes(scope) ? known : [...known, scope];
  return (
    <select
      className="scope"
      aria-label={texts.reconciliation}
      value={scope}
      onChange={(event) => navigate(event.target.value === ALL ? '/' : `/?reconciliation=${encodeURIComponent(event.target.value)}`)}
    >
      <option value={ALL}>{texts.allReconciliations}</option>
      {names.map((name) => (
        <option key={name} value={name}>{name}</option>
      ))}
    </select>
  );
}

/** Keys of the whole page; none while someone types or a modifier is held. `before` is the key pressed just before. */
function useKeys(keys: Record<string, (before: string) => void>) {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let before = '';
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog') !== null) return;
      const act = latest.current[event.key];
      if (act !== undefined) {
        event.preventDefault();
        act(before);
      }
      before = event.key;
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
