import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the API is while the console is worked on: `npm start`, and this beside it (`npx vite console`). */
const api = process.env['POSTERN_URL'] ?? 'http://localhost:7071';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // Nothing in the page itself: its policy runs no inline script, and shows no data: URL but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: {
    proxy: Object.fromEntries(['/v1', '/console/session', '/console/sign-in'].map((path) => [path, { target: api }])),
  },
});
