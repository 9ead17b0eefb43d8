import { defineConfig } from '@playwright/test'

/** Debian's Chromium, with the flags that keep it quiet on a machine without a network. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  // Far beyond what anything takes: nothing may fail because a machine is slow.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'test-results/results.json' }]],
  outputDir: 'test-results/artifacts',
  use: {
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1360, height: 820 },
    // Of an automatic run only the log is kept.
    trace: process.env['CI'] === undefined ? 'retain-on-failure' : 'off',
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
