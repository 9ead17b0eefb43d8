import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8')
const themes = { light: colours(':root'), dark: colours('.dark') }

/** Text on ground; WCAG 2.2 asks for 4.5:1. */
const texts = [
  ...['ground', 'panel', 'soft', 'accent-soft'].flatMap((ground) =>
    ['text', 'muted'].map((text) => [text, ground]),
  ),
  ...['ground', 'panel', 'soft'].map((ground) => ['accent-text', ground]),
  ...['panel', 'ground'].map((ground) => ['danger', ground]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
  ...['green', 'blue', 'grey', 'amber', 'violet', 'red'].map((tone) => [tone, `${tone}-soft`]),
]

/** Lines, marks and frames that must be seen; 3:1. */
const shapes = [
  ...['field', 'edge', 'accent', 'danger'].map((shape) => [shape, 'panel']),
  ['accent', 'ground'],
  ...[1, 2, 3, 4, 5].map((number) => [`chart-${number}`, 'panel']),
  ...['green', 'blue', 'grey', 'amber', 'violet', 'red'].map((tone) => [tone, 'ground']),
]

test.each(Object.entries(themes))('every text of the %s theme can be read on its ground', (_, theme) => {
  expect(below(theme, texts, 4.5)).toEqual([])
})

test.each(Object.entries(themes))('every shape of the %s theme can be seen on its ground', (_, theme) => {
  expect(below(theme, shapes, 3)).toEqual([])
})

test('both themes name the same colours', () => {
  expect([...themes.dark.keys()]).toEqual([...themes.light.keys()])
})

function below(theme: Map<string, string>, pairs: readonly string[][], least: number): string[] {
  return pairs
    .map(([front = '', ground = '']) => ({
      front,
      ground,
      ratio: contrast(theme.get(front), theme.get(ground)),
    }))
    .filter(({ ratio }) => !(ratio >= least))
    .map(({ front, ground, ratio }) => `${front} on ${ground}: ${ratio.toFixed(2)}`)
}

function colours(selector: string): Map<string, string> {
  const block = css.match(new RegExp(`^\\${selector} \\{([^}]*)\\}`, 'm'))?.[1] ?? ''
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

function contrast(one = '', other = ''): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
