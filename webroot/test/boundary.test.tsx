// @vitest-environment jsdom
import './setup';
import { fireEvent, render, screen } from '@testing-library/react';
import type EventBus from '@vertx/eventbus-bridge-client.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from '../src/App';
import { RateChart } from '../src/components/RateChart';
import { LiveProvider } from '../src/live/context';
import { LiveStore } from '../src/live/live';
import { transaction } from './samples';

const newStore = () => new LiveStore(() => ({ sockJSConn: {}, registerHandler: () => undefined, close: () => undefined }) as unknown as EventBus);

// What React says of what was thrown on purpose.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));

describe('what fails to draw', () => {
  it('a chart that cannot be loaded says so in its place, and can be tried again', async () => {
    vi.doMock('../src/components/RateLines', () => {
      throw new Error('Failed to fetch dynamically imported module');
    });
    const rates = { timesS: [1, 2], bySource: new Map([['gateway', [1, 12.4]]]) };
    render(
      <LiveProvider store={newStore()}>
        <p>around it</p>
        <RateChart rates={rates} sources={['gateway']} heard />
      </LiveProvider>,
    );
    expect((await screen.findByRole('alert')).textContent).toBe('The chart could not be loaded.');
    expect(screen.getByText('Events per second now: gateway 12')).toBeTruthy();
    expect(screen.getByText('around it')).toBeTruthy();
    vi.doMock('../src/components/RateLines', () => ({ default: () => <p>the lines</p> }));
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByText('the lines');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('a page that throws is left behind by going to another', async () => {
    // Not what the engine would say: the page cannot draw it.
    const broken = { ...transaction, matrix: null };
    vi.stubGlobal('fetch', async () => Response.json(broken));
    history.replaceState(null, '', '/ui/transactions/TXN1003');
    render(<App store={newStore()} />);
    await screen.findByText('This page failed to draw');
    fireEvent.click(screen.getByRole('link', { name: 'Overview' }));
    expect(screen.queryByText('This page failed to draw')).toBeNull();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Overview');
  });
});
