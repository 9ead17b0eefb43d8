/**
 * The archive of everything that is held about a person: one ZIP with all of it as JSON, and each part as a table.
 * Every room gives its part (`Room.access`), so that a new table is in it from its first day.
 * Source: GDPR 15, 20; PC-44
 */
import type { Ctx, InBoth } from '../../platform/context.ts'
import { csvRow } from '../../contacts/index.ts'
import { eventAccess } from '../../platform/forget.ts'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { accessParts, type AccessPart, type AccessRow } from '../../platform/rights.ts'
import { zipped, type ZipEntry } from '../../platform/zip.ts'

/** The pieces of a person's archive. @param identities  every number under which the person was known */
export function archiveOf(
  ctx: Ctx,
  identities: readonly ContactId[],
  about: { organization: string },
): AsyncGenerator<Buffer> {
  return zipped(entriesOf(ctx, identities, about), ctx.now())
}

/** The parts of an archive with their names: those of all rooms, and the platform's event log. */
export function partsOfArchive(): { name: string; part: AccessPart }[] {
  return [...accessParts(), { name: 'event', part: eventAccess }]
}

async function* entriesOf(
  ctx: Ctx,
  identities: readonly ContactId[],
  about: { organization: string },
): AsyncGenerator<ZipEntry> {
  const parts = partsOfArchive()
  yield { name: 'README.txt', content: [readme(parts, about, ctx.now())] }
  yield { name: 'archive.json', content: wholeAsJson(ctx, identities, parts, about) }
  for (const { name, part } of parts) {
    if (part.read === null) continue
    yield { name: `${name}.csv`, content: asTable(ctx, identities, part) }
  }
}

async function* wholeAsJson(
  ctx: Ctx,
  identities: readonly ContactId[],
  parts: readonly { name: string; part: AccessPart }[],
  { organization }: { organization: string },
): AsyncGenerator<string> {
  const head = {
    organization,
    createdAt: ctx.now(),
    contactIds: identities.map((id) => toWire('contact', id)),
  }
  yield `${JSON.stringify(head).slice(0, -1)},"parts":{`
  let isFirstPart = true
  for (const { name, part } of parts) {
    if (part.read === null) continue
    yield `${isFirstPart ? '' : ','}${JSON.stringify(name)}:{"about":${JSON.stringify(part.about)},"rows":[`
    isFirstPart = false
    let isFirstRow = true
    for await (const rows of rowsOfAll(ctx, identities, part)) {
      if (rows.length === 0) continue
      yield `${isFirstRow ? '' : ','}${rows.map((row) => JSON.stringify(row)).join(',')}`
      isFirstRow = false
    }
    yield ']}'
  }
  yield '}}\n'
}

/** Columns are those of the first batch; what later rows have beyond them is in the JSON. */
async function* asTable(
  ctx: Ctx,
  identities: readonly ContactId[],
  part: AccessPart,
): AsyncGenerator<string> {
  let columns: string[] | null = null
  for await (const rows of rowsOfAll(ctx, identities, part)) {
    if (rows.length === 0) continue
    if (columns === null) {
      columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
      yield csvRow(columns)
    }
    const shown = columns
    yield rows.map((row) => csvRow(shown.map((column) => cellOf(row[column])))).join('')
  }
}

function cellOf(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}

async function* rowsOfAll(
  ctx: Ctx,
  identities: readonly ContactId[],
  { read }: AccessPart,
): AsyncGenerator<readonly AccessRow[]> {
  if (read === null) return
  for (const contactId of identities) yield* read(ctx, contactId)
}

function readme(
  parts: readonly { name: string; part: AccessPart }[],
  { organization }: { organization: string },
  at: Date,
): string {
  const lineOf = (file: string, { en, fr }: InBoth): string => `  ${file}\n      ${en}\n      ${fr}`
  const given = parts.filter(({ part }) => part.read !== null)
  const withheld = parts.filter(({ part }) => part.read === null)
  return `${organization}
Everything that is held about you, as of ${at.toISOString()}.
Tout ce qui est conservé à votre sujet, au ${at.toISOString()}.

archive.json holds all of it for machines; each .csv file holds one part as a table.
archive.json contient l’ensemble pour les machines ; chaque fichier .csv en contient une partie sous forme de tableau.

${given.map(({ name, part }) => lineOf(`${name}.csv`, part.about)).join('\n')}

Not in this archive, because it says nothing about you that is not in it already:
Absent de cette archive, car n’ajoutant rien à ce qu’elle contient :

${withheld.map(({ name, part }) => lineOf(name, part.about)).join('\n')}
`
}
