/** Audiences for the rooms above: as SQL, as a number, as people, as a sentence. Sources: CS-003, FR-002 */
import { organizationOf } from '../../team/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { type Audience, audienceRule } from '../audience.ts'
import { errors } from '../errors.ts'
import { countPeople, type ListedPerson, selectAmong, selectPeople } from '../queries/people.ts'
import { readRule, type Reading } from '../rules/bind.ts'
import type { Outcome } from '../rules/operator.ts'
import type { SqlPlace, SqlValue } from '../rules/sql-text.ts'
import type { Words } from '../rules/words.ts'
import { preview, type Preview } from './preview.ts'
import { refusePersonal } from './personal.ts'
import { scopeFor } from './read.ts'

/** Where delivery's resolve job puts the predicate: `where c.org_id = $1 and c.id > $2 and c.id <= $3 and (…)`. */
export const SLICE_PLACE: SqlPlace = {
  alias: 'c',
  orgIdParam: '$1',
  firstParam: 4,
  slice: { afterParam: '$2', upToParam: '$3' },
}

/** Longest that counting an audience may take. */
const COUNT_TIMEOUT_MS = 30_000
/** Longest that finding a sample may take. */
const SAMPLE_TIMEOUT_MS = 5_000

const NOBODY: Words = {
  en: 'Nobody yet: choose a segment or a condition.',
  fr: 'Personne pour l’instant : choisissez un segment ou une condition.',
}

/**
 * The audience as a predicate over `contact c`, its parameters following those of the place. Segments stand as they
 * are at this moment: lists are read while the statement runs, rules are the present ones (CS-003.7, FR-002.6).
 * @throws segments.audience_broken when something it refers to is gone
 */
export async function audiencePredicate(
  ctx: Ctx,
  audience: Audience,
  place: SqlPlace = SLICE_PLACE,
): Promise<{ text: string; values: SqlValue[] }> {
  const { texts, values } = await audiencePredicates(ctx, [audience], place)
  return { text: texts[0] ?? 'false', values }
}

/**
 * The same of several for one statement, read together: the parameters of each follow those of the one before.
 * @returns a predicate for each, in their order
 * @throws segments.audience_broken when something that one of them refers to is gone
 */
export async function audiencePredicates(
  ctx: Ctx,
  audiences: readonly Audience[],
  place: SqlPlace,
): Promise<{ texts: string[]; values: SqlValue[] }> {
  const texts: string[] = []
  const values: SqlValue[] = []
  for (const found of await readAudiences(ctx, audiences)) {
    const reading = found === null ? null : accepted(found)
    const sql = reading?.toSql({ ...place, firstParam: place.firstParam + values.length })
    texts.push(sql?.text ?? 'false')
    values.push(...(sql?.values ?? []))
  }
  return { texts, values }
}

/**
 * How many people the audience holds, exactly. Outside any transaction.
 * @throws segments.audience_broken, took_too_long
 */
export async function countAudience(ctx: Ctx, audience: Audience): Promise<number> {
  const reading = await readAudience(ctx, audience)
  if (reading === null) return 0
  const count = await countPeople(ctx, reading.toSql, COUNT_TIMEOUT_MS)
  if (count === null) throw errors.took_too_long()
  return count
}

/** The newest people of the audience. Outside any transaction. @throws segments.audience_broken, took_too_long */
export async function sampleAudience(ctx: Ctx, audience: Audience, limit: number): Promise<ListedPerson[]> {
  const reading = await readAudience(ctx, audience)
  if (reading === null) return []
  const people = await selectPeople(ctx, reading.toSql, { afterId: null, limit }, SAMPLE_TIMEOUT_MS)
  if (people === null) throw errors.took_too_long()
  return people
}

/** The audience as a sentence. @throws segments.audience_broken */
export async function describeAudience(ctx: Ctx, audience: Audience, locale: keyof Words): Promise<string> {
  return (await readAudience(ctx, audience))?.describe(locale) ?? NOBODY[locale]
}

/**
 * Everything about an unsaved audience that the composer shows.
 * @throws segments.audience_broken, took_too_long, property_personal
 */
export async function previewAudience(
  ctx: Ctx,
  audience: Audience,
  precision: 'quick' | 'exact',
): Promise<Preview> {
  await refusePersonal(ctx, { audience })
  const reading = await readAudience(ctx, audience)
  if (reading !== null) return preview(ctx, reading, precision)
  const nothing = { values: [], others: 0 }
  return {
    size: { kind: 'exact', count: 0 },
    sentence: NOBODY[ctx.locale],
    people: [],
    makeUp: {
      of: 0,
      margin: 0,
      country: nothing,
      language: nothing,
      tier: nothing,
      engagement: nothing,
      spending: nothing,
      revenue: 0,
      revenueMargin: 0,
      currency: (await organizationOf(ctx)).currency,
      reachable: [],
    },
  }
}

/**
 * Those of a few people whom the audience holds at this moment.
 * @throws segments.audience_broken when something it refers to is gone
 * Source: CS-004.7
 */
export async function audienceAmong(
  ctx: Ctx,
  audience: Audience,
  ids: readonly ContactId[],
): Promise<ReadonlySet<ContactId>> {
  if (ids.length === 0) return new Set()
  const reading = await readAudience(ctx, audience)
  return reading === null ? new Set() : selectAmong(ctx, reading.toSql, ids)
}

/**
 * The same of several audiences, each with its own few people: what they depend on is gathered once. One that refers to
 * something that is gone says so in its place.
 */
export async function audiencesAmong(
  ctx: Ctx,
  questions: readonly { audience: Audience; ids: readonly ContactId[] }[],
): Promise<Outcome<ReadonlySet<ContactId>>[]> {
  const readings = await readAudiences(
    ctx,
    questions.map(({ audience }) => audience),
  )
  const answers: Outcome<ReadonlySet<ContactId>>[] = []
  for (const [at, { ids }] of questions.entries()) {
    const reading = readings[at] ?? null
    if (reading?.kind === 'refused') answers.push(reading)
    else
      answers.push({
        kind: 'ready',
        value: reading === null ? new Set() : await selectAmong(ctx, reading.value.toSql, ids),
      })
  }
  return answers
}

async function readAudience(ctx: Ctx, audience: Audience): Promise<Reading | null> {
  const [found = null] = await readAudiences(ctx, [audience])
  return found === null ? null : accepted(found)
}

function accepted(found: Outcome<Reading>): Reading {
  if (found.kind === 'refused') throw errors.audience_broken({}, { problems: found.problems })
  return found.value
}

/** Audiences as rules made ready, in their order; null is nobody. */
async function readAudiences(ctx: Ctx, audiences: readonly Audience[]): Promise<(Outcome<Reading> | null)[]> {
  const rules = audiences.map(audienceRule)
  const known = rules.filter((rule) => rule !== null)
  if (known.length === 0) return rules.map(() => null)
  const scope = await scopeFor(ctx, known)
  return rules.map((rule) => (rule === null ? null : readRule(rule, scope, 'audience')))
}
