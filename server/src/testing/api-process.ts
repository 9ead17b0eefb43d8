/**
 * A web server as a process of its own, for tests and benches that load it and kill it:
 * `node api-process.ts '{"connection":…}'`. Says `listening` once it does.
 */
import { z } from 'zod'
import { rooms } from '../app.ts'
import { loadConfig } from '../platform/config/index.ts'
import { createServer } from '../platform/http/index.ts'
import { createLog } from '../platform/log.ts'
import { createPlatform } from '../platform/platform.ts'
import { authenticate, sessionPlugin } from '../team/index.ts'

const settings = z
  .object({
    connection: z.record(z.string(), z.union([z.string(), z.number()])),
    masterKey: z.string(),
    env: z.record(z.string(), z.string()),
    port: z.number().int(),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

const config = loadConfig(settings.env)
const platform = await createPlatform({
  config,
  connection: settings.connection,
  masterKey: Buffer.from(settings.masterKey, 'hex'),
  log: createLog(config.logLevel),
  role: 'api',
})
const server = await createServer({
  platform,
  rooms,
  authenticate: authenticate(platform),
  webRoot: null,
  plugins: [sessionPlugin(platform)],
})
await server.listen({ port: settings.port, host: '127.0.0.1' })
process.stdout.write('listening\n')
