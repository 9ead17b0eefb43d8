/**
 * What the platform's own tables say about a person, forgotten: payloads of the log, the changes of the audit chain,
 * answers kept for a repeated key, errors of jobs. Numbers, times and hashes stay, so that counts and chains hold.
 * Source: PC-45
 */
import type { Ctx } from './context.ts'
import { rewritePayloads } from './events/index.ts'
import { ERASED, eraserOf, type Sought } from './forget-in-json.ts'
import type { ContactId } from './ids.ts'
import { rowsOf, type AccessPart } from './rights.ts'

/** A person as texts may name them. */
export interface Traces {
  /** Every number that the person had: their own and those of profiles merged into theirs. */
  ids: readonly ContactId[]
  /** E-mail addresses, telephone numbers, whole names: what identifies the person wherever it stands. */
  texts: readonly string[]
  /** Single names and what personal properties hold, which tell of the person only where it is about them. */
  names: readonly string[]
}

/** Shorter texts stand in everything. */
const TEXT_CHARS_MIN = 4

const tellingOf = (texts: readonly string[]): string[] => [
  ...new Set(texts.map((text) => text.trim()).filter((text) => text.length >= TEXT_CHARS_MIN)),
]

/** The platform's part of a person's archive. */
export const eventAccess: AccessPart = rowsOf(
  'event',
  {
    en: 'What happened: visits, purchases, messages opened, links followed, changes of the profile.',
    fr: 'Ce qui s’est passé : visites, achats, messages ouverts, liens suivis, modifications du profil.',
  },
  'at, seq',
)

/** Forgets a person in the platform's tables, inside the erasing transaction. */
export async function forgetInPlatform(ctx: Ctx, { ids, texts, names }: Traces): Promise<void> {
  const sought = tellingOf(texts)
  await replaceInPayloads(ctx, ids, sought, tellingOf([...texts, ...names]))
  await forgetAuditChanges(ctx, ids, sought)
  if (sought.length === 0) return
  await forgetAnswers(ctx, sought)
  await forgetErrors(ctx, sought)
}

/**
 * What is left of the person in payloads: in their own events, beyond what the room that takes events in has taken
 * out, and in those of others, such as an invitation to a friend.
 */
async function replaceInPayloads(
  ctx: Ctx,
  ids: readonly ContactId[],
  texts: readonly string[],
  ownTexts: readonly string[],
): Promise<void> {
  if (ownTexts.length > 0) await replaceIn(ctx, { texts: ownTexts, inNames: texts }, ids)
  if (texts.length > 0) await replaceIn(ctx, { texts, inNames: texts }, null)
}

/** Events that are rewritten at a time. */
const REWRITE_STEP = 1_000

/** @param ids  whose events; null: everybody's */
async function replaceIn(ctx: Ctx, sought: Sought, ids: readonly ContactId[] | null): Promise<void> {
  const erase = eraserOf(sought)
  const needles = needlesOf(sought.texts.map(inJson))
  for (let after = '0'; ;) {
    const events = await selectHolders(ctx, { needles, ids, after })
    await rewritePayloads(
      ctx,
      events.flatMap((event) => {
        const payload = erase(event.payload)
        return payload === event.payload ? [] : [{ ...event, payload }]
      }),
    )
    const last = events.at(-1)
    if (!last || events.length < REWRITE_STEP) return
    after = last.seq
  }
}

/** Events that may hold one of the texts. Whole payloads are read of these only; `offset 0` has each text made once. */
function selectHolders(
  ctx: Ctx,
  { needles, ids, after }: { needles: readonly string[]; ids: readonly ContactId[] | null; after: string },
): Promise<{ seq: string; recordedAt: Date; payload: string }[]> {
  const of = (whose: string): string => `
      select said.seq, said.recorded_at, said.payload::text as payload
      from (
        select seq, recorded_at, payload, lower(payload::text collate "C") as text
        from event
        where org_id = $1 and seq > $2${whose}
        offset 0
      ) said
      where exists (select 1 from unnest($3::text[]) as n (needle) where strpos(said.text, n.needle) > 0)
      order by said.seq
      limit ${REWRITE_STEP}`
  if (ids === null) return ctx.db.named('platform_event_holders', of(''), [ctx.orgId, after, needles])
  const own = of(' and contact_id = any($4::bigint[])')
  return ctx.db.named('platform_event_own_holders', own, [ctx.orgId, after, needles, ids])
}

/**
 * Entries of the chain that may hold one of the texts. Making a row's text costs 1.6 µs, looking through it for three plain
 * pieces 0.3 µs, for the pattern of three texts 4.1 µs; patterns of the hundreds of texts of many people are slower by
 * orders, so that only these rows meet them.
 */
const ENTRIES_WITH_NEEDLES = `
        select said.seq
        from (
          select seq, lower(change::text collate "C") as text
          from audit_entry
          where org_id = $1 and change is not null
          offset 0
        ) said
        where exists (select 1 from unnest($4::text[]) as n (needle) where strpos(said.text, n.needle) > 0)`

/**
 * Of each text the longest piece that reads alike however it is written: ASCII, whose case the search folds, and letters
 * that have no case. What holds the text holds the piece; a text without such a piece is looked for everywhere.
 */
const needlesOf = (texts: readonly string[]): string[] =>
  texts.map((text) =>
    text
      .split(/[^ -~\p{Lo}\p{N}]+/u)
      .reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '')
      .toLowerCase(),
  )

/** A text as it stands inside JSON. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The chain keeps its commitments: without their salts they tell nothing, and it verifies. */
const forgetAuditChanges = (
  ctx: Ctx,
  ids: readonly ContactId[],
  texts: readonly string[],
): Promise<unknown> =>
  ctx.db.named(
    'platform_audit_forget',
    `
    update audit_entry
    set change = null, salt = null
    where org_id = $1 and change is not null
      and ((subject_kind = 'contact' and subject_id = any($2::text[]))
        or (seq = any(array(${ENTRIES_WITH_NEEDLES})) and change::text ~* $3))`,
    [ctx.orgId, ids, patternOf(texts.map(inJson)), needlesOf(texts.map(inJson))],
  )

const forgetAnswers = (ctx: Ctx, texts: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'platform_idempotency_forget',
    'delete from idempotency_key where org_id = $1 and response::text ~* $2',
    [ctx.orgId, patternOf(texts.map(inJson))],
  )

const forgetErrors = (ctx: Ctx, texts: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'platform_work_forget',
    `update work set error = '${ERASED}' where org_id = $1 and error ~* $2`,
    [ctx.orgId, patternOf(texts)],
  )

/**
 * A pattern that finds each text as a whole: `an@example.com` is no trace of `jan@example.com`. Texts are made plain,
 * so that no character of an address is read as a sign of the pattern.
 */
function patternOf(texts: readonly string[]): string {
  const plain = texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
  return `(?<![[:alnum:]._%+-])(${plain.join('|')})(?![[:alnum:]])`
}

/** A table in which a text of an erased person still stands, and in how many rows: members' own words. */
export interface Mention {
  table: string
  rows: number
}

/**
 * Looks through every table of the organization for texts of a person, so that an erasure can say what is left.
 * Reads everything: for the background only.
 */
export async function findMentions(ctx: Ctx, texts: readonly string[]): Promise<Mention[]> {
  const sought = tellingOf(texts)
  if (sought.length === 0) return []
  const tables = await ctx.db.named<{ name: string }>(
    'platform_tenant_tables',
    `
    select c.relname as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)
    order by c.relname`,
  )
  const counts = tables.map(
    ({ name }) =>
      `select '${name}' as table, count(*)::int as rows from "${name}" t where t.org_id = $1 and t::text ~* $2`,
  )
  const found = await ctx.db.query<Mention>(counts.join(' union all '), [ctx.orgId, patternOf(sought)])
  return found.filter(({ rows }) => rows > 0)
}
