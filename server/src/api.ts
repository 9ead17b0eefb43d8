/** The web server process: the API, the public pages and the web application. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rooms } from './app.ts'
import { print } from './platform/console.ts'
import { whenReachable } from './platform/db/index.ts'
import { createServer } from './platform/http/index.ts'
import { createPlatform } from './platform/platform.ts'
import { loadMasterKey } from './platform/secrets/master-key.ts'
import { runRole } from './platform/supervisor/role.ts'
import { authenticate, sessionPlugin, setupFromEnvironment } from './team/index.ts'

const WEB_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url))

await runRole('api', async ({ config, connection, log }) => {
  const masterKey = await loadMasterKey(config)
  const platform = await createPlatform({ config, connection, log, masterKey, role: 'api' })
  const server = await createServer({
    platform,
    rooms,
    authenticate: authenticate(platform),
    webRoot: existsSync(WEB_ROOT) ? WEB_ROOT : null,
    plugins: [sessionPlugin(platform)],
  })
  const apiKey = await whenReachable(log, () => setupFromEnvironment(platform))
  if (apiKey !== null) print(`API key, shown this once: ${apiKey}`)
  await server.listen({ port: config.port, host: config.host })
  return {
    stop: async () => {
      await server.close()
      await platform.close()
    },
  }
})
