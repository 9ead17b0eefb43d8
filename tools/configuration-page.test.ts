import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CONFIGURATION_PAGE, configurationPage } from './configuration-page.ts'

test('the configuration page lists exactly the settings that there are', () => {
  expect(readFileSync(CONFIGURATION_PAGE, 'utf8')).toBe(configurationPage())
})
