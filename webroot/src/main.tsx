import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { LiveStore } from './live/live';
// Here and not with the chart: a style sheet that failed to load with it would not be tried again.
import 'uplot/dist/uPlot.min.css';
import './tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/overview.css';
import './styles/feed.css';
import './styles/detail.css';
import './styles/timeline.css';
import './styles/print.css';

const store = new LiveStore();
store.start();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App store={store} />
  </StrictMode>,
);
