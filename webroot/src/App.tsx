import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { idInAddress } from './address';
import { Boundary } from './components/Boundary';
import { Frame } from './components/Frame';
import { Message } from './components/Message';
import { LiveProvider } from './live/context';
import type { LiveStore } from './live/live';
import { Overview } from './pages/Overview';
import { TransactionPage } from './pages/TransactionPage';
import { texts } from './texts';

export function App({ store }: { store: LiveStore }) {
  // A node on this machine answers also while the browser believes itself offline.
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 0, refetchOnWindowFocus: true, networkMode: 'always' } } }));
  return (
    <QueryClientProvider client={client}>
      <LiveProvider store={store}>
        <Router base="/ui">
          <Frame>
            <Page />
          </Frame>
        </Router>
      </LiveProvider>
    </QueryClientProvider>
  );
}

/** Another page is another attempt: what failed to draw stays behind. */
function Page() {
  const [at] = useLocation();
  return (
    <Boundary key={at}>
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
  );
}
