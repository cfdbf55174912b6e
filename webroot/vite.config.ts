import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a running node.
const node = process.env['TALLYSTICK_NODE'] ?? 'http://localhost:8000';

export default defineConfig({
  base: '/ui/',
  plugins: [react()],
  // sockjs-client speaks of `global`.
  define: { global: 'globalThis' },
  build: {
    outDir: process.env['TALLYSTICK_WEB_OUT'] ?? 'dist',
    emptyOutDir: true,
    // The polyfill would be an inline script and a font in the CSS a data: address; the policy forbids both.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries([
      ...['/mismatches', '/transactions', '/txns', '/events', '/dead-letters', '/health'].map((path) => [path, node]),
      ['/eventbus', { target: node, ws: true, changeOrigin: true }],
    ]),
  },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
