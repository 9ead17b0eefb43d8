/** Takes a file in: streamed to the disk, looked at while it passes, refused as soon as it cannot be right. */
import { Readable } from 'node:stream'
import type { Ctx } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { audit } from '../../platform/audit/index.ts'
import { errors } from '../errors.ts'
import { EncodingWitness, refuseOtherThanText } from '../csv/encoding.ts'
import { ROW_CHARS_MAX } from '../csv/tokenizer.ts'
import { countryOfZone } from '../values/place.ts'
import { SAMPLE_BYTES, analyse } from './analyse.ts'
import { type ContactImport, fileOf } from './import.ts'
import { insertImport } from './queries.ts'

/** Bytes of the longest line: a row's characters, each at its largest. */
const LINE_BYTES_MAX = ROW_CHARS_MAX * 4
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** A file on its way in. */
export interface Upload {
  fileName: string
  content: Readable
  /** True once the content was cut at the installation's limit; known when it has ended. */
  isTruncated(): boolean
  /** The organization's zone, which tells where its phone numbers are dialled from. */
  timeZone: string | null
}

/**
 * Stores a file and looks at it. What is refused leaves nothing behind.
 *
 * @throws contacts.file_* and contacts.csv_*  for what is no list of people
 */
export async function uploadFile(ctx: Ctx, upload: Upload): Promise<ContactImport> {
  const id = newId<'contact_import'>(ctx.now())
  const { storage } = ctx.platform
  const witness = new EncodingWitness(SAMPLE_BYTES)
  const fileBytes = await storage.write(
    ctx.orgId,
    fileOf(id),
    Readable.from(watched(upload.content, witness)),
  )
  try {
    if (upload.isTruncated()) throw errors.file_too_large({ maxBytes: ctx.platform.config.uploadBytesMax })
    if (fileBytes === 0) throw errors.file_empty()
    const defaultCountry =
      (upload.timeZone === null ? null : countryOfZone(upload.timeZone)) ??
      (ctx.locale === 'fr' ? 'FR' : null)
    const found = await analyse(ctx, id, { encoding: witness.encoding() }, defaultCountry)
    return await inTransaction(ctx, async (ctx) => {
      const inserted = await insertImport(ctx, {
        id,
        fileName: cleanFileName(upload.fileName),
        fileBytes,
        ...found,
      })
      audit(
        ctx,
        'contacts.import_uploaded',
        { kind: 'contact_import', id },
        { fileName: inserted.fileName, fileBytes },
      )
      return inserted
    })
  } catch (error) {
    await storage.remove(ctx.orgId, fileOf(id))
    throw error
  }
}

/** Passes the bytes on, refusing what is no text and what has a line without an end, before it fills the disk. */
async function* watched(content: AsyncIterable<Buffer>, witness: EncodingWitness): AsyncGenerator<Buffer> {
  let lineBytes = 0
  let isFirst = true
  for await (const piece of content) {
    if (isFirst) refuseOtherThanText(piece)
    isFirst = false
    const lineEnd = Math.max(piece.lastIndexOf(LINE_FEED), piece.lastIndexOf(CARRIAGE_RETURN))
    lineBytes = lineEnd === -1 ? lineBytes + piece.length : piece.length - lineEnd - 1
    if (lineBytes > LINE_BYTES_MAX) throw errors.csv_row_too_long({ bytes: lineBytes })
    witness.see(piece)
    yield piece
  }
}

/** The name as a person knows it, without the folders that some clients send and without control characters. */
function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  return (
    last
      .replaceAll(/[\u0000-\u001f\u007f]/g, '')
      .trim()
      .slice(0, 200) || 'contacts.csv'
  )
}
