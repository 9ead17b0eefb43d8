/**
 * A backup is one zstd-compressed file of frames: a header, then sections (a table's rows in COPY text, or a file), each
 * with its own beginning and end, then an end that counts them. A file that was cut off has no end.
 */
import { z } from 'zod'
import { AppError } from '../errors.ts'

/** The first frame. */
export const backupHeader = z.object({
  format: z.literal('fanfare-backup'),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Names and checksums of the migrations that made the tables. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** Whether the installation key lies inside. */
  hasKey: z.boolean(),
})
/** The first frame, parsed. */
export type BackupHeader = z.infer<typeof backupHeader>

/** The beginning of a section. */
export const sectionHeader = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('partition'),
    table: z.string(),
    name: z.string().regex(/^[a-z_]+_\d{4}_\d{2}$/),
    bound: z.string().regex(/^FOR VALUES FROM \('[\d :+-]+'\) TO \('[\d :+-]+'\)$/),
  }),
  z.object({ kind: z.literal('table'), table: z.string(), columns: z.array(z.string()) }),
  z.object({ kind: z.literal('sequence'), table: z.string(), column: z.string(), next: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
])

/** The end of a section: how much it held, rows of a table or bytes of a file. */
export const sectionEnd = z.object({ count: z.number() })

/** The last frame. */
export const backupEnd = z.object({ sections: z.number() })

/** What a frame is. */
export type FrameKind = 'backup' | 'section' | 'data' | 'section end' | 'backup end'

const KINDS: readonly FrameKind[] = ['backup', 'section', 'data', 'section end', 'backup end']
const HEAD_BYTES = 5
/** No frame that we write comes near it; a longer one is no backup. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024

/** One frame as bytes: kind, length, payload. */
export function frame(kind: FrameKind, payload: Buffer | object): Buffer {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload))
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(KINDS.indexOf(kind), 0)
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

/** A frame as it was read. */
export interface Frame {
  kind: FrameKind
  payload: Buffer
}

/** Cuts a stream of bytes into frames. @throws platform.backup_unreadable when it is no backup */
export async function* frames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let pending: Buffer = Buffer.alloc(0)
  for await (const bytes of source) {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
    for (;;) {
      if (pending.length < HEAD_BYTES) break
      const kind = KINDS[pending.readUInt8(0)]
      const length = pending.readUInt32BE(1)
      if (kind === undefined || length > FRAME_BYTES_MAX) throw unreadable()
      if (pending.length < HEAD_BYTES + length) break
      yield { kind, payload: pending.subarray(HEAD_BYTES, HEAD_BYTES + length) }
      pending = pending.subarray(HEAD_BYTES + length)
    }
  }
}

/** Reads a frame's JSON. @throws platform.backup_unreadable */
export function parsed<T>(schema: z.ZodType<T>, payload: Buffer): T {
  try {
    return schema.parse(JSON.parse(payload.toString('utf8')))
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** The file is no backup, was cut off or was damaged. */
export function unreadable(cause?: unknown): AppError {
  return new AppError(
    'platform.backup_unreadable',
    400,
    'This file is no whole Fanfare backup: it was cut off or damaged, or something else wrote it. Use another backup.',
    cause === undefined ? {} : { cause },
  )
}
