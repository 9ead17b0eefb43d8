/** The preference centre of an organization: read, changed by a new version, in force at once. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { errors } from '../errors.ts'
import { centerDesign, DEFAULT_DESIGN, type CenterDesign, type Topic } from './design.ts'
import { insertCenter, selectCenter, selectCenterVersions, type CenterRow } from './queries.ts'

/** Versions that are listed. */
const VERSIONS_MAX = 100

/** A version of the preference centre. 0 is what is shown before the first. */
export interface PreferenceCenter {
  version: number
  design: CenterDesign
  createdBy: string | null
  createdAt: Date | null
}

/** The version in force. */
export async function preferenceCenter(ctx: Ctx): Promise<PreferenceCenter> {
  const row = await selectCenter(ctx)
  return row ? read(row) : { version: 0, design: DEFAULT_DESIGN, createdBy: null, createdAt: null }
}

/** Every version, the latest first. */
export async function centerVersions(ctx: Ctx): Promise<PreferenceCenter[]> {
  return (await selectCenterVersions(ctx, VERSIONS_MAX)).map(read)
}

/** Every topic, archived ones too. */
export const allTopics = async (ctx: Ctx): Promise<Topic[]> => (await preferenceCenter(ctx)).design.topics

/** Topics that are offered. */
export async function liveTopics(ctx: Ctx): Promise<Topic[]> {
  return (await allTopics(ctx)).filter(({ isArchived }) => !isArchived)
}

/**
 * Makes a new version, in force from its commit on. Topics that people have spoken about stay: they may be archived.
 * @param based  the version that the change was made from
 * @throws consent.center_changed, consent.invalid
 */
export function changeCenter(ctx: Ctx, based: number, design: CenterDesign): Promise<PreferenceCenter> {
  return inTransaction(ctx, async (ctx) => {
    const present = await preferenceCenter(ctx)
    if (present.version !== based) throw errors.center_changed({}, { extra: { version: present.version } })
    const missing = present.design.topics.filter(
      ({ key }) => !design.topics.some((topic) => topic.key === key),
    )
    if (missing.length > 0)
      throw errors.invalid(
        {},
        {
          problems: missing.map(({ key }) => ({
            path: 'design.topics',
            message: `The topic “${key}” may be archived, not removed: people have spoken about it.`,
          })),
        },
      )
    if (!(await insertCenter(ctx, based + 1, design, `${ctx.actor.kind}:${ctx.actor.id}`)))
      throw errors.center_changed()
    audit(
      ctx,
      'preference_center.changed',
      { kind: 'preference_center', id: String(based + 1) },
      { from: present.design, to: design },
    )
    return preferenceCenter(ctx)
  })
}

const read = ({ version, design, createdBy, createdAt }: CenterRow): PreferenceCenter => ({
  version,
  design: centerDesign.parse(design),
  createdBy,
  createdAt,
})
