/**
 * Bounce mails with labels: what their receiving servers said goes through the table that judges every refusal.
 * A sample passes when "suppress this address" and the class are right for each of its failed recipients.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { judgeRefusal, type RefusalClass } from '../../server/src/delivery/channels/email/replies.ts'
import type { ConformanceKind } from './kind.ts'

const labelSchema = z.object({ class: z.string(), hardBounce: z.boolean() })
const expectedSchema = z.object({
  samples: z.array(z.object({ file: z.string(), kind: z.string(), expected: z.array(labelSchema) })),
})
type Label = z.infer<typeof labelSchema>

/** The samples' classes are coarser than ours. */
const COARSE: Readonly<Record<RefusalClass, string>> = {
  hard: 'hard',
  soft: 'soft',
  busy: 'soft',
  content: 'soft',
  configuration: 'block',
  block: 'block',
}

/** The kind, as the registry has it. */
export const bounces: ConformanceKind = {
  summary: 'expected.json and the bounce mails it labels (hard, soft, block)',
  run: async function* (dir) {
    const { samples } = expectedSchema.parse(JSON.parse(await readFile(join(dir, 'expected.json'), 'utf8')))
    for (const { file, kind, expected } of samples) {
      // Complaints, automatic answers and other mail are no refusals: nothing here judges them yet.
      if (kind !== 'bounce') continue
      const refusals = readRefusals(await readFile(join(dir, file), 'latin1'))
      yield { id: file, problem: problemOf(refusals, expected) }
    }
  },
}

/** What a server said about one recipient. */
interface Refusal {
  code: number
  enhanced: string | null
  text: string
}

function problemOf(refusals: readonly Refusal[], expected: readonly Label[]): string | null {
  const problems = expected.flatMap((label, index) => {
    const refusal = refusals[index] ?? refusals.at(-1)
    if (!refusal) return ['no refusal was found in it']
    const verdict = judgeRefusal(refusal, 'recipient')
    const [isHard, found] = [verdict.class === 'hard', COARSE[verdict.class]]
    return isHard === label.hardBounce && (found === label.class || !JUDGED.has(label.class))
      ? []
      : [
          `recipient ${index + 1}: ${found} in place of ${label.class} (${refusal.code} ${refusal.enhanced ?? '-'} ${refusal.text.slice(0, 80)})`,
        ]
  })
  return problems.length === 0 ? null : problems.join('; ')
}

const JUDGED = new Set(['hard', 'soft', 'block'])

/** The per-recipient fields of RFC 3464, or, in mails that predate it, the first line that reads like a reply. */
function readRefusals(mail: string): Refusal[] {
  const unfolded = mail.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ')
  const reported = unfolded
    .split(/\n\n+/)
    .filter((group) => /^Final-Recipient:/im.test(group))
    .map((group) => refusalOf(field(group, 'Diagnostic-Code') ?? '', field(group, 'Status')))
  if (reported.length > 0) return reported
  const line = unfolded.split('\n').find((text) => REPLY.test(text))
  return line === undefined ? [] : [refusalOf(line, undefined)]
}

const REPLY = /\b([45]\d\d)[ -]#?([45]\.\d{1,3}\.\d{1,3})?|[(#]([45]\.\d{1,3}\.\d{1,3})\b/

function refusalOf(diagnostic: string, status: string | undefined): Refusal {
  const match = REPLY.exec(diagnostic)
  const stated = /[45]\.\d{1,3}\.\d{1,3}/.exec(status ?? '')?.[0] ?? null
  // The reply's own code is what the server said; the status is what the reporting system made of it.
  const enhanced = match?.[2] ?? match?.[3] ?? stated
  const code = Number(match?.[1] ?? `${enhanced?.[0] ?? '5'}50`)
  return { code, enhanced, text: diagnostic.replace(/^smtp;\s*/i, '') }
}

function field(group: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(.+)$`, 'im').exec(group)?.[1]?.trim()
}
