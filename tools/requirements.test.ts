import { describe, expect, test } from 'vitest'
import { readClaims, readRequirements } from './requirements.ts'

describe('requirements', () => {
  test('every id in the title of a test is listed', () => {
    const requirements = readRequirements()
    const unknown = readClaims().filter((claim) => !requirements.has(claim.id))
    expect(unknown).toEqual([])
  })

  test('titles of parameterised tests and of groups are read, too', () => {
    const titles = readClaims().map((claim) => claim.title)
    expect(titles.length).toBeGreaterThan(0)
    expect(titles.every((title) => title.trim() !== '')).toBe(true)
  })

  test('every listed id has a wording of its own', () => {
    const requirements = readRequirements()
    expect(requirements.size).toBe(608)
    expect([...requirements.values()].filter((wording) => wording.length < 10)).toEqual([])
  })
})
