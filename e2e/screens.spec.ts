/** What holds on every screen: accessible, in both languages and both themes, nothing beyond the edge of a telephone. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { startFanfare, type Fanfare } from './fanfare.ts'
import { OUTSIDE, enterSample, insideScreens, settle, signIn, speak, type Screen } from './screens.ts'

// Each look has an installation of its own, so that both are taken at once.
test.describe.configure({ mode: 'parallel' })

let fanfare: Fanfare
let screens: Screen[]
let state: Awaited<ReturnType<BrowserContext['storageState']>>
let owner: Page

test.beforeAll(async ({ browser }) => {
  fanfare = await startFanfare()
  const context = await browser.newContext({ baseURL: fanfare.url })
  owner = await context.newPage()
  await signIn(owner, fanfare.url)
  await enterSample(owner)
  screens = await insideScreens(owner)
  state = await context.storageState()
})
test.afterAll(() => fanfare.stop())

const LOOKS = [
  {
    name: 'English, light, at a desk',
    locale: 'en',
    colorScheme: 'light',
    viewport: { width: 1360, height: 860 },
  },
  {
    name: 'French, dark, on a telephone',
    locale: 'fr',
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
  },
] as const

for (const { name, locale, colorScheme, viewport } of LOOKS) {
  test(`every screen is accessible and fits: ${name}`, async ({ browser }) => {
    await speak(owner, locale)
    const look = { baseURL: fanfare.url, locale, colorScheme, viewport }
    const problems: string[] = []
    for (const [list, storageState] of [
      [OUTSIDE, undefined],
      [screens, state],
    ] as const) {
      const context = await browser.newContext({
        ...look,
        ...(storageState === undefined ? {} : { storageState }),
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
      for (const screen of list) {
        await page.goto(screen.path)
        await settle(page)
        problems.push(...(await problemsOf(page, screen)))
      }
      await context.close()
    }
    expect(problems).toEqual([])
  })
}

async function problemsOf(page: Page, { name }: Screen): Promise<string[]> {
  // Frames are left out, so nothing needs the second page that gathers what each of them found; and only violations are
  // told in full: a quarter of the time for the same findings.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .exclude('iframe')
    .analyze()
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  // Sections of equal keys are drawn once more by React at each change: a heading that is there twice gives them away.
  const headings = await page.locator('main h2').allTextContents()
  const repeated = headings.filter((heading, index) => headings.indexOf(heading) !== index)
  return [
    ...repeated.map((heading) => `${name}: “${heading}” stands there twice`),
    ...violations.map(
      ({ id, nodes }) =>
        `${name}: ${id} at ${nodes
          .map((node) => String(node.target))
          .slice(0, 3)
          .join(' ; ')}`,
    ),
    ...(beyond > 0 ? [`${name}: ${beyond} px beyond the edge`] : []),
  ]
}
