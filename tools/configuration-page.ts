/** Writes docs/operations/configuration.md from the settings themselves; a test keeps the page equal to them. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { settingsTable } from '../server/src/platform/config/index.ts'

/** Where the page lies. */
export const CONFIGURATION_PAGE = fileURLToPath(
  new URL('../docs/operations/configuration.md', import.meta.url),
)

/** The page's text. */
export function configurationPage(): string {
  return `# Configuration

Nothing has to be set. What is set comes from the environment, else from \`fanfare.config.json\` in the data directory, else from
the defaults below. A wrong setting stops the start with one line that names it and what to give. \`npm run fanfare -- config\`
prints what is in force and where it comes from, secrets masked. This page is generated: \`node tools/run.mjs tools/configuration-page.ts\`.

${settingsTable()}

\`fanfare.config.json\` is one object with the names of the second column:

\`\`\`json
{
  "publicUrl": "https://marketing.example.com",
  "smtpUrl": "smtps://user:secret@smtp.example.com:465",
  "trustedProxies": ["127.0.0.1"]
}
\`\`\`

## Reached from outside

Until \`FANFARE_PUBLIC_URL\` names a host other than localhost, Fanfare listens on 127.0.0.1 only: whoever opens a fresh installation
first owns it. For a server, set up first (in the browser through a tunnel, or with the three \`FANFARE_SETUP_\` settings), put a proxy
with TLS before it, and set \`FANFARE_PUBLIC_URL\` and \`FANFARE_TRUSTED_PROXIES\`.

## Unattended first run

\`\`\`sh
FANFARE_SETUP_EMAIL=owner@example.com FANFARE_SETUP_PASSWORD='a long sentence' FANFARE_SETUP_ORGANIZATION='Example Shop' npm start
\`\`\`

prints an API key once. On an installation that is already set up, the three change nothing. \`npm run fanfare -- setup\` does
the same without starting anything.
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CONFIGURATION_PAGE, configurationPage())
