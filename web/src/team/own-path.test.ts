import { describe, expect, test } from 'vitest'
import { browserName } from './account/browser-name.ts'
import { ownPath } from './own-path.ts'

const origin = 'https://fanfare.example'

describe('where a sign-in leads', () => {
  test.each(['/campaigns?q=x#top', '/settings/members', '/invitation#abc'])(
    '%s is a page of ours',
    (path) => {
      expect(ownPath(path, origin)).toBe(path)
    },
  )

  // Source: ASVS 3.7.2; browsers read a backslash as a slash and drop tabs and line breaks
  test.each([
    undefined,
    'https://evil.example/',
    '//evil.example/',
    String.raw`/\evil.example/`,
    '/\t/evil.example/',
    '/\n//evil.example',
    'javascript:alert(1)',
    'campaigns',
  ])('%j leads home', (path) => {
    expect(new URL(ownPath(path, origin), origin).origin).toBe(origin)
    expect(ownPath(path, origin)).not.toContain('evil')
  })
})

describe('what a browser calls itself', () => {
  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      'Edge · Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      'Safari · macOS',
    ],
    ['curl/8.5.0', null],
    ['', null],
  ])('%s', (agent, name) => {
    expect(browserName(agent)).toBe(name)
  })
})
