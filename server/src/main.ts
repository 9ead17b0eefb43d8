/** Starts Fanfare: `npm start` ends here. */
import { fileURLToPath } from 'node:url'
import { supervise } from './platform/supervisor/index.ts'

await supervise(process.env, {
  api: fileURLToPath(new URL('./api.ts', import.meta.url)),
  worker: fileURLToPath(new URL('./worker.ts', import.meta.url)),
})
