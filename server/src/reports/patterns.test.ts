import { describe, expect, test } from 'vitest'
import { seededDice } from '../testing/harness.ts'
import { followedIn, startOf } from './advice.ts'
import { featuresOf, featuresOfText, type Described } from './features.ts'
import { findPatterns, type Found, type Observed } from './patterns.ts'

interface World {
  count: number
  /** How much better mornings are; `null`: in the older half only, worse in the newer. */
  lift?: number | null
  /** Spread of campaigns around what they are like. */
  spread?: number
  delivered?: number
}

/** Campaigns whose click rates differ by chance and by what each is like, and by nothing else that is looked at. */
function campaigns(seed: number, { count, lift = 1, spread = 0.02, delivered }: World): Observed[] {
  const dice = seededDice(seed)
  return Array.from({ length: count }, (_, at) => {
    const hour = dice() < 0.5 ? '9' : '18'
    const features = {
      weekday: [String(1 + Math.floor(dice() * 5))],
      hour: [hour],
      subjectNumber: [dice() < 0.5 ? 'yes' : 'no'],
    }
    const own = 0.04 - spread / 2 + spread * dice()
    const times = lift ?? (at < count / 2 ? 3 : 0.95)
    const rate = own * (hour === '9' ? times : 1)
    const all = delivered ?? 500 + Math.floor(dice() * 5_000)
    let click = 0
    for (let n = 0; n < all; n++) if (dice() < rate) click++
    return { at, delivered: all, events: { click, conversion: 0 }, features }
  })
}

const mornings = ({ patterns }: Found) =>
  patterns.find(({ feature, value }) => feature === 'hour' && value === '9')

describe('patterns', () => {
  test('CB-8.4 where nothing matters, hardly ever is anything called clear', () => {
    const worlds = 150
    let wrong = 0
    for (let seed = 1; seed <= worlds; seed++)
      if (findPatterns(campaigns(seed, { count: 40 })).patterns.some(({ verdict }) => verdict === 'clear'))
        wrong++
    // 5 % and three standard errors.
    expect(wrong / worlds).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / worlds))
  })

  test('CB-8.4 an effect that is there is found with its interval, and not made larger than it is', () => {
    const morning = mornings(findPatterns(campaigns(7, { count: 60, lift: 2 })))
    expect(morning?.verdict).toBe('clear')
    expect(morning?.lift).toBeGreaterThan(0.6)
    expect(morning?.lift).toBeLessThan(1.2)
    expect(morning?.interval.low).toBeLessThan(1)
    expect(morning?.interval.high).toBeGreaterThan(0.8)
  })

  test('CB-8.4 an effect that may be below 5 % is too small to matter, however sure it is', () => {
    const morning = mornings(
      findPatterns(campaigns(3, { count: 60, lift: 1.06, spread: 0, delivered: 40_000 })),
    )
    expect(morning?.q).toBeLessThan(0.05)
    expect(morning?.verdict).toBe('small')
  })

  test('CB-8.4 what the newer half of the campaigns does not confirm is not called clear', () => {
    const morning = mornings(findPatterns(campaigns(5, { count: 80, lift: null, spread: 0 })))
    expect(morning?.q).toBeLessThan(0.05)
    expect(morning?.verdict).toBe('unsteady')
  })

  test('CB-8.4 nothing is compared below five campaigns, 200 people or 20 events on either side', () => {
    const few = campaigns(1, { count: 40, lift: 2, spread: 0 })
    const with9 = (count: number) => {
      let left = count
      return few.filter(({ features }) => features['hour']?.[0] !== '9' || left-- > 0)
    }
    expect(mornings(findPatterns(with9(5)))).toBeDefined()
    expect(mornings(findPatterns(with9(4)))).toBeUndefined()
    const each = (delivered: number, click: number) =>
      findPatterns(few.map((one) => ({ ...one, delivered, events: { click, conversion: 0 } })))
    expect(each(100, 10).looks).toBeGreaterThan(0)
    expect(each(10, 5).looks).toBe(0)
    expect(each(1_000, 0)).toMatchObject({ looks: 0, patterns: [] })
    expect(each(1_000, 0).belowFloors).toBeGreaterThan(0)
  })
})

const LAUNCH: Described = {
  type: 'promotion',
  channels: ['sms', 'email'],
  launchedAt: new Date('2026-11-29T23:30:00Z'),
  timeZone: 'Europe/Paris',
  segments: [],
}
const TEXT = { subject: '', body: '' }

describe('what a campaign is like', () => {
  test('hours and weekdays of a launch are those of the organization', () => {
    const subject = '3 days left, {{ contact.first_name | default: "you!" }}? 🎉'
    expect({
      ...featuresOf({ ...LAUNCH, segments: ['seg_1', 'seg_2'] }),
      ...featuresOfText({ ...TEXT, subject }),
    }).toEqual({
      type: ['promotion'],
      channel: ['email+sms'],
      weekday: ['1'],
      hour: ['0'],
      segment: ['seg_1', 'seg_2'],
      subjectLength: ['short'],
      subjectNumber: ['yes'],
      subjectQuestion: ['yes'],
      subjectExclamation: ['no'],
      subjectUrgency: ['yes'],
      subjectEmoji: ['yes'],
      subjectPersonal: ['yes'],
      offerDiscount: ['no'],
      offerShipping: ['no'],
      offerCode: ['no'],
      offerGift: ['no'],
    })
  })

  test('a campaign that events set off has no hour, and one without a mail no subject', () => {
    expect(Object.keys({ ...featuresOf({ ...LAUNCH, launchedAt: null }), ...featuresOfText(TEXT) })).toEqual([
      'type',
      'channel',
      'offerDiscount',
      'offerShipping',
      'offerCode',
      'offerGift',
    ])
  })

  test.each([
    ['offerDiscount', 'Tout à −20 % ce week-end', 'yes'],
    ['offerDiscount', '<b>Soldes</b> d’hiver', 'yes'],
    ['offerDiscount', '20% off everything', 'yes'],
    ['offerDiscount', '<style>.sale { width: 20% }</style><p class="sale">Hello</p>', 'no'],
    ['offerDiscount', 'Wholesale news', 'no'],
    ['offerShipping', 'Frais de port OFFERTS', 'yes'],
    ['offerShipping', 'We ship worldwide', 'no'],
    ['offerCode', 'Avec le code HIVER', 'yes'],
    ['offerCode', 'Un bon d’achat pour vous', 'yes'],
    ['offerCode', 'Décoder le monde', 'no'],
    ['offerGift', 'Un cadeau vous attend', 'yes'],
    ['offerGift', 'It is gifted', 'no'],
  ] as const)('%s by whole words in either language: %s', (feature, body, is) => {
    expect(featuresOfText({ ...TEXT, body })[feature]).toEqual([is])
  })

  test.each([
    ['Dernières heures', 'yes'],
    ['Aujourd’hui seulement', 'yes'],
    ['Last chance to join', 'yes'],
    ['The knowledge of autumn', 'no'],
  ])('a subject hurries by whole words in either language: %s', (subject, is) => {
    expect(featuresOfText({ ...TEXT, subject }).subjectUrgency).toEqual([is])
  })
})

describe('what advice comes to', () => {
  const now = new Date('2026-11-29T10:00:00Z') // a Sunday
  const at = { now, timeZone: 'Europe/Paris' }
  const copied = { launchedAt: new Date('2026-11-05T13:20:00Z') }

  test('an hour is tomorrow’s, a weekday the next one at the hour of the campaign that is copied', () => {
    expect(startOf({ feature: 'hour', value: '9' }, copied, at)).toBe('2026-11-30T09:00')
    expect(startOf({ feature: 'weekday', value: '1' }, copied, at)).toBe('2026-11-30T14:00')
    expect(startOf({ feature: 'weekday', value: '7' }, copied, at)).toBe('2026-12-06T14:00')
    expect(startOf({ feature: 'channel', value: 'sms' }, copied, at)).toBeNull()
  })

  test('a subject follows advice where a plain rule can write it, and is empty where a person must', () => {
    const follow = (
      feature: 'subjectEmoji' | 'subjectExclamation' | 'subjectLength' | 'subjectQuestion',
      value: string,
    ) => followedIn('Now! The whole winter collection is here 🎉', { feature, value }, 'en')
    expect(follow('subjectEmoji', 'no')).toBe('Now! The whole winter collection is here')
    expect(follow('subjectExclamation', 'no')).toBe('Now The whole winter collection is here 🎉')
    expect(follow('subjectLength', 'short')).toBe('Now! The whole winter')
    expect(follow('subjectQuestion', 'yes')).toBe('')
    expect(followedIn('Bonjour', { feature: 'subjectPersonal', value: 'yes' }, 'fr')).toBe(
      '{{ contact.first_name | default: "Bonjour" }}, Bonjour',
    )
  })
})
