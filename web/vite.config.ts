import { fileURLToPath } from 'node:url'
import optimizeLocales from '@react-aria/optimize-locales-plugin'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { messages } from './build/messages.ts'

/** Where the API listens while the pages are served by Vite (`npm run dev -w web`). */
const apiUrl = process.env['FANFARE_API_URL'] ?? `http://127.0.0.1:${process.env['FANFARE_PORT'] ?? '3000'}`

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [
    // React Aria carries its words in 34 languages; the screens speak two (−36 kB gz).
    { ...optimizeLocales.vite({ locales: ['en-US', 'fr-FR'] }), enforce: 'pre' },
    messages(),
    react(),
    tailwindcss(),
  ],
  // Messages arrive compiled (build/messages.ts), so that the parser may stay away.
  resolve: { alias: { 'use-intl/format-message': 'use-intl/format-message/format-only' } },
  server: {
    port: Number(process.env['PORT'] ?? 5173),
    proxy: Object.fromEntries(
      ['/api', '/c/', '/o/', '/u/', '/p/', '/f/', '/unsubscribe', '/preferences'].map((path) => [
        path,
        apiUrl,
      ]),
    ),
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // What a page may weigh is said per screen, compressed, and checked by tools/bundle-size.ts.
    chunkSizeWarningLimit: Infinity,
    rolldownOptions: {
      output: {
        // Left alone, the first page takes fifty requests, most of them for an icon of 250 bytes.
        codeSplitting: { groups: [{ name: 'shell', tags: ['$initial'] }] },
      },
    },
  },
})
