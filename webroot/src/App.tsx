import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Route, Router, Switch } from 'wouter';
import { Boundary } from './components/Boundary';
import { Frame } from './components/Frame';
import { Message } from './components/Message';
import { LiveProvider } from './live/context';
import type { LiveStore } from './live/live';
import { Overview } from './pages/Overview';
import { TransactionPage } from './pages/TransactionPage';
import { texts } from './texts';

export function App({ store }: { store: LiveStore }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 0, refetchOnWindowFocus: true } } }));
  return (
    <QueryClientProvider client={client}>
      <LiveProvider store={store}>
        <Router base="/ui">
          <Frame>
            <Boundary>
              <Switch>
                <Route path="/" component={Overview} />
                <Route path="/transactions/:txnId">
                  {({ txnId }) => <TransactionPage key={txnId} txnId={idInAddress(location.pathname)} />}
                </Route>
                <Route>
                  <Message title={texts.notFound}>
                    <p>{texts.notFoundNote}</p>
                  </Message>
                </Route>
              </Switch>
            </Boundary>
          </Frame>
        </Router>
      </LiveProvider>
    </QueryClientProvider>
  );
}

/** The router has decoded its parameters half; an id may hold anything, so it is taken from the address itself. */
function idInAddress(pathname: string): string {
  const part = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
