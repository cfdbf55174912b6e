import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// uPlot asks for the pixel ratio at import; jsdom has no media queries.
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));

afterEach(cleanup);
