// @vitest-environment jsdom
import './setup';
import { onlineManager } from '@tanstack/react-query';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import type EventBus from '@vertx/eventbus-bridge-client.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { ComparisonMatrix } from '../src/components/ComparisonMatrix';
import { LiveText } from '../src/components/LiveIndicator';
import { NoEvents } from '../src/components/NoEvents';
import { LiveProvider } from '../src/live/context';
import { LiveStore } from '../src/live/live';
import { closed, kpi, mismatch, opened, page, transaction } from './samples';

const handlers = new Map<string, (error: unknown, message: { body: unknown }) => void>();
const client = {
  onopen: null as (() => void) | null,
  onclose: null,
  sockJSConn: { onmessage: () => undefined },
  registerHandler: (address: string, handler: (error: unknown, message: { body: unknown }) => void) => handlers.set(address, handler),
  close: () => undefined,
};
const say = (address: string, body: unknown) => handlers.get(address)?.(null, { body });
const newStore = () => new LiveStore(() => client as unknown as EventBus);

let answer: (path: string) => Response;
beforeEach(() => {
  vi.stubGlobal('fetch', async (path: string) => answer(path));
  history.replaceState(null, '', '/ui/');
});

async function openPage(path: string) {
  history.replaceState(null, '', path);
  const store = newStore();
  render(<App store={store} />);
  store.start();
  client.onopen!();
  return store;
}

describe('the overview', () => {
  it('shows figures, the list, and what the stream adds and takes away', async () => {
    answer = () => Response.json(page([mismatch('a')], { 'settlement/3': 7 }));
    const store = await openPage('/ui/');
    say('kpi', kpi(new Date().toISOString()));
    const row = (await screen.findByText('TXN-a')).closest('tr')!;
    expect(row.textContent).toContain('50.00 → 45.00 INR');
    expect(row.textContent).toContain('−5.00 INR');
    expect(within(row).getByRole('img', { name: 'high' })).toBeTruthy();

    say('mismatches', opened('b', 8));
    const links = await screen.findAllByRole('link', { name: /^TXN-/ });
    expect(links.length).toBeGreaterThan(0);
    await screen.findByText('TXN-b');

    say('mismatches', closed('a', 9));
    await vi.waitFor(() => expect(screen.queryByText('TXN-a')).toBeNull());
    // Waiting and broken never share a number.
    expect(screen.getByText('Pending').parentElement?.textContent).toContain('4waiting, not broken');
    expect(screen.getByText('93.75')).toBeTruthy();
    store.stop();
  });

  it('moves with j and k, and goes grey with the connection', async () => {
    answer = () => Response.json(page([mismatch('a'), mismatch('b')], { 'settlement/3': 7 }));
    const store = await openPage('/ui/');
    say('kpi', kpi(new Date().toISOString()));
    const first = await screen.findByText('TXN-a');
    fireEvent.keyDown(document.body, { key: 'j' });
    expect(document.activeElement).toBe(first);
    fireEvent.keyDown(document.body, { key: 'j' });
    expect(document.activeElement?.textContent).toBe('TXN-b');
    fireEvent.keyDown(document.body, { key: 'k' });
    expect(document.activeElement).toBe(first);
    fireEvent.keyDown(document.body, { key: '/' });
    expect(document.activeElement?.getAttribute('type')).toBe('search');
    act(() => (client.onclose as unknown as () => void)());
    await vi.waitFor(() => expect(document.documentElement.dataset['live']).toBe('stale'));
    expect(screen.getByRole('status').textContent).toMatch(/^stale since \d\d:\d\d:\d\d/);
    store.stop();
  });

  it('of a reconciliation that does not exist offers those that do, and asks the engine for all', async () => {
    const asked: string[] = [];
    answer = (path) => {
      asked.push(path);
      return Response.json(page([mismatch('a')], { 'settlement/3': 7 }));
    };
    const store = await openPage('/ui/?reconciliation=settlment');
    say('kpi', kpi(new Date().toISOString()));
    await screen.findByRole('heading', { name: 'There is no reconciliation settlment' });
    expect(screen.getByRole('link', { name: 'settlement' }).getAttribute('href')).toBe('/ui/?reconciliation=settlement');
    expect(screen.getByRole('link', { name: 'all reconciliations' }).getAttribute('href')).toBe('/ui/');
    expect(screen.queryByText('No events yet')).toBeNull();
    await vi.waitFor(() => expect(asked.at(-1)).not.toContain('reconciliation='), 3_000);
    fireEvent.click(screen.getByRole('link', { name: 'all reconciliations' }));
    await screen.findByText('TXN-a');
    store.stop();
  });

  it('calls the engine empty only where no reconciliation has a transaction', async () => {
    answer = () => Response.json(page([], {}));
    const any = kpi(new Date().toISOString());
    const quiet = { ...any.reconciliations[0]!, name: 'quiet', by_state: {}, by_type: {}, by_severity: {}, at_risk: [], open: 0, oldest_opened_at: null };
    const store = await openPage('/ui/?reconciliation=quiet');
    say('kpi', { ...any, reconciliations: [...any.reconciliations, quiet] });
    await screen.findByText('nothing judged yet');
    expect(screen.queryByText('No events yet')).toBeNull();
    say('kpi', { ...any, as_of: new Date(Date.now() + 1_000).toISOString(), reconciliations: [quiet] });
    await screen.findByText('No events yet');
    store.stop();
  });

  it('with nothing yet it says how to make something appear', () => {
    render(<NoEvents />);
    const command = document.querySelector('pre')!.textContent;
    const body = JSON.parse(command.slice(command.indexOf('[{') < 0 ? command.indexOf('[') : command.indexOf('[{'), command.lastIndexOf(']') + 1)) as { amount: number }[];
    expect(body.map((event) => event.amount)).toEqual([5000, 4500]);
  });
});

describe('a transaction', () => {
  it('is headline, matrix, verdict, timeline and raw events', async () => {
    answer = (path) => Response.json(path.startsWith('/transactions/') ? transaction : page([], {}));
    const store = await openPage('/ui/transactions/TXN1003?reconciliation=settlement');
    expect((await screen.findByRole('heading', { name: 'TXN1003' })).tagName).toBe('H2');
    expect(screen.getByText('AMOUNT_MISMATCH')).toBeTruthy();
    expect(screen.getByText(/tolerance 0.00 \(rule amount@1\)/)).toBeTruthy();
    expect(screen.getByText('gateway_txns / 3 / 41')).toBeTruthy();
    store.stop();
  });

  it('is named in the title, and says when it changed and when it was read', async () => {
    answer = (path) => Response.json(path.startsWith('/transactions/') ? transaction : page([], {}));
    const store = await openPage('/ui/transactions/TXN1003');
    await screen.findByText(/^changed /);
    expect(screen.getByText(/^as of \d\d:\d\d:\d\d$/)).toBeTruthy();
    expect(document.title).toBe('TXN1003 · Transaction · Tallystick');
    fireEvent.click(screen.getByRole('link', { name: 'Overview' }));
    await vi.waitFor(() => expect(document.title).toBe('Overview · Tallystick'));
    store.stop();
  });

  it('offers a choice where two reconciliations have one', async () => {
    const line = { txn_id: 'T', state: 'MATCHED', label: 'MATCHED', mismatches: [], version: 1, updated_at: null };
    answer = (path) =>
      path.startsWith('/transactions/')
        ? Response.json({ items: [{ ...line, reconciliation: 'payments' }, { ...line, reconciliation: 'settlement' }] }, { status: 300 })
        : Response.json(page([], {}));
    const store = await openPage('/ui/transactions/T');
    const link = await screen.findByRole('link', { name: 'settlement' });
    expect(link.getAttribute('href')).toBe('/ui/transactions/T?reconciliation=settlement');
    store.stop();
  });

  it('is read also while the browser believes itself offline', async () => {
    answer = (path) => Response.json(path.startsWith('/transactions/') ? transaction : page([], {}));
    onlineManager.setOnline(false);
    const store = await openPage('/ui/transactions/TXN1003');
    await screen.findByRole('heading', { name: 'TXN1003' });
    onlineManager.setOnline(true);
    store.stop();
  });

  it('that is not there is said to be not there', async () => {
    answer = () => Response.json({ title: 'Not found', detail: 'no such transaction' }, { status: 404 });
    const store = await openPage('/ui/transactions/A%2FB');
    await screen.findByText('There is no transaction A/B');
    store.stop();
  });
});

describe('an open transaction', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

  async function opened() {
    const reads = { n: 0 };
    answer = (path) => {
      if (path.startsWith('/transactions/')) reads.n++;
      return Response.json(path.startsWith('/transactions/') ? transaction : page([], {}));
    };
    const store = await openPage('/ui/transactions/TXN1003');
    // The first reading, and the one after the connection.
    await pass(1_100);
    expect(reads.n).toBe(2);
    return { reads, stop: () => store.stop() };
  }

  it('is read again every 5 s, whatever messages say', async () => {
    const { reads, stop } = await opened();
    await pass(5_100);
    expect(reads.n).toBe(3);
    stop();
  });

  it.each([
    ['a message names it', 'transactions', { v: 1, as_of: '', conflated: 1, items: [{ txn_id: 'TXN1003' }] }, 1_000],
    ['a message names only some', 'transactions', { v: 1, as_of: '', conflated: 9, items: [{ txn_id: 'OTHER' }] }, 2_000],
    ['mismatches came as a summary', 'mismatches', { v: 1, conflated: 9, seq: { 'settlement/3': [1, 9] } }, 2_000],
  ])('is read again once where %s, however often', async (_, address, body, afterMs) => {
    const { reads, stop } = await opened();
    for (let i = 0; i < 5; i++) say(address, body);
    await pass(afterMs - 100);
    expect(reads.n).toBe(2);
    await pass(200);
    expect(reads.n).toBe(3);
    stop();
  });

  it('is not read again for another', async () => {
    const { reads, stop } = await opened();
    say('transactions', { v: 1, as_of: '', conflated: 1, items: [{ txn_id: 'OTHER' }] });
    await pass(2_500);
    expect(reads.n).toBe(2);
    stop();
  });
});

describe('the matrix', () => {
  it('marks what differs in words too, with the difference; what agrees recedes', () => {
    render(
      <LiveProvider store={newStore()}>
        <ComparisonMatrix of={transaction} />
      </LiveProvider>,
    );
    const amount = screen.getByRole('row', { name: /^amount/ });
    expect(amount.className).toBe('differs');
    expect(within(amount).getAllByRole('cell').map((cell) => cell.textContent)).toEqual(['50.00', '45.00Δ −5.00◀differs']);
    expect(screen.getByRole('row', { name: /^status/ }).className).toBe('agrees');
    expect(screen.getByRole('row', { name: /^occurred at/ }).textContent).toContain('+3 s');
    expect(screen.getByRole('columnheader', { name: /gateway\s*reference/ })).toBeTruthy();
  });
});

describe('the indicator', () => {
  it.each([
    [{ kind: 'connecting' } as const, 'connecting'],
    [{ kind: 'live', ageMs: 449 } as const, 'live 0.4 s'],
    [{ kind: 'late', ageMs: 4_000 } as const, 'late 4.0 s'],
  ])('%o reads %s', (state, text) => {
    render(<LiveText state={state} />);
    expect(document.body.textContent).toBe(text);
  });
});
