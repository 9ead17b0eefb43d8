/**
 * `npm run screenshots`: every screen in both languages, light and dark, at desk and telephone width, into
 * screenshots/ (which git ignores), from a real start with the sample workspace. `-- NAME` takes one screen only.
 */
import { chromium } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import config from './playwright.config.ts'
import { startFanfare } from './fanfare.ts'
import { OUTSIDE, enterSample, insideScreens, settle, signIn, speak } from './screens.ts'

const FOLDER = new URL('../screenshots/', import.meta.url).pathname
const WIDTHS = { desk: { width: 1360, height: 860 }, phone: { width: 390, height: 844 } } as const
const only = process.argv[2]

await mkdir(FOLDER, { recursive: true })
const fanfare = await startFanfare()
const browser = await chromium.launch(config.use?.launchOptions ?? {})
let taken = 0
try {
  const first = await browser.newContext({ baseURL: fanfare.url })
  const page = await first.newPage()
  await signIn(page, fanfare.url)
  await enterSample(page)
  const screens = await insideScreens(page)
  const state = await first.storageState()
  for (const [widthName, viewport] of Object.entries(WIDTHS)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['en', 'fr'] as const) {
        const look = { baseURL: fanfare.url, viewport, colorScheme, locale, timezoneId: 'Europe/Paris' }
        const inside = await browser.newContext({ ...look, storageState: state })
        await speak(page, locale)
        const outside = await browser.newContext(look)
        for (const [context, list] of [
          [outside, OUTSIDE],
          [inside, screens],
        ] as const) {
          await context.addInitScript(
            (language) => localStorage.setItem('fanfare.language', language),
            locale,
          )
          const tab = await context.newPage()
          for (const { name, path } of list) {
            if (only !== undefined && only !== name) continue
            await tab.goto(path)
            await settle(tab)
            await tab.screenshot({
              path: `${FOLDER}${name}-${widthName}-${colorScheme}-${locale}.png`,
              fullPage: true,
              animations: 'disabled',
            })
            taken += 1
          }
        }
        await inside.close()
        await outside.close()
      }
    }
  }
} finally {
  await browser.close()
  await fanfare.stop()
}
console.log(`${taken} screenshots in screenshots/`)
