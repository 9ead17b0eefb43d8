import { describe, expect, test } from 'vitest'
import { dateInWords, labelled, ofPlace, zoneTime } from './in-words.ts'

describe('sentences in French', () => {
  const day = (on: string, locale: 'en' | 'fr') =>
    dateInWords(locale, new Date(`${on}T00:00:00Z`), { dateStyle: 'full', timeZone: 'UTC' })

  test('the first of a month is an ordinal, other days and figures are not', () => {
    expect(day('2027-04-01', 'fr')).toBe('jeudi 1er avril 2027')
    expect(day('2027-04-11', 'fr')).toBe('dimanche 11 avril 2027')
    expect(day('2027-04-01', 'en')).toBe('Thursday, April 1, 2027')
    const short = { dateStyle: 'short', timeZone: 'UTC' } as const
    expect(dateInWords('fr', new Date('2027-01-01T00:00:00Z'), short)).toBe('01/01/2027')
  })

  test('“de” is elided before a vowel', () => {
    expect(zoneTime('fr', 'Europe/Paris')).toBe('heure d’Europe/Paris')
    expect(zoneTime('fr', 'Pacific/Auckland')).toBe('heure de Pacific/Auckland')
    expect(zoneTime('en', 'Europe/Paris')).toBe('Europe/Paris time')
    expect(ofPlace('America/New_York')).toBe('d’America/New_York')
  })

  test('a colon stands off its label, and never begins a line', () => {
    expect(labelled('fr', 'Quoi', 'tout')).toBe('Quoi\u00a0: tout')
    expect(labelled('en', 'What', 'all')).toBe('What: all')
  })
})
