/**
 * Mails that came back, with labels: each goes through the reader that the bounce address uses. A sample passes when
 * its kind is right, and for each failed recipient the class, "suppress this address" and, where the mail states it,
 * the address.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RefusalClass } from '../../server/src/delivery/channels/outcome.ts'
import { readReport } from '../../server/src/delivery/intake/bounces/read-report.ts'
import type { FailedRecipient, Report } from '../../server/src/delivery/intake/bounces/report.ts'
import type { ConformanceKind } from './kind.ts'

const labelSchema = z.object({ class: z.string(), hardBounce: z.boolean() })
const sampleSchema = z.object({
  file: z.string(),
  kind: z.string(),
  dsnRecipients: z.array(z.string()),
  expected: z.array(labelSchema),
})
const expectedSchema = z.object({ samples: z.array(sampleSchema) })
type Sample = z.infer<typeof sampleSchema>
type Label = z.infer<typeof labelSchema>

/** The samples' classes are coarser than ours. */
const COARSE: Readonly<Record<RefusalClass, string>> = {
  hard: 'hard',
  soft: 'soft',
  busy: 'soft',
  content: 'soft',
  opt_out: 'block',
  configuration: 'block',
  block: 'block',
}

/** The kind, as the registry has it. */
export const bounces: ConformanceKind = {
  summary: 'expected.json and the mails it labels: bounces, complaints, automatic answers, others',
  run: async function* (dir) {
    const { samples } = expectedSchema.parse(JSON.parse(await readFile(join(dir, 'expected.json'), 'utf8')))
    for (const sample of samples) {
      const report = readReport(await readFile(join(dir, sample.file)))
      yield { id: sample.file, problem: problemOf(report, sample) }
    }
  },
}

function problemOf(report: Report, sample: Sample): string | null {
  switch (sample.kind) {
    case 'bounce':
      return bounceProblem(report, sample)
    case 'arf':
      return report.kind === 'complaint'
        ? addressProblem(report.recipients, sample)
        : `${report.kind} in place of a complaint`
    case 'auto-reply':
      return report.kind === 'auto_reply' ? null : `${report.kind} in place of an automatic answer`
    default:
      return report.kind === 'nothing' ? null : `${report.kind} in place of nothing`
  }
}

function bounceProblem(report: Report, sample: Sample): string | null {
  const { expected } = sample
  if (expected.every((label) => label.class === 'delivered'))
    return report.kind === 'delivered' ? null : `${report.kind} in place of delivered`
  if (report.kind !== 'bounce') return `${report.kind} in place of a bounce`
  const problems = expected.flatMap((label, index) => {
    const failed = report.failed[index] ?? report.failed.at(-1)
    return failed ? (classProblem(failed, label, index) ?? []) : ['no recipient was found in it']
  })
  const wrongAddress = addressProblem(
    report.failed.flatMap(({ address }) => address ?? []),
    sample,
  )
  const all = wrongAddress === null ? problems : [...problems, wrongAddress]
  return all.length === 0 ? null : all.join('; ')
}

function classProblem(
  { verdict, code, enhanced, text, stage }: FailedRecipient,
  label: Label,
  index: number,
): string | null {
  const found = verdict.reason === 'undetermined' ? 'unknown' : COARSE[verdict.class]
  // What the labels leave open may be soft for us: it suppresses nobody.
  const isRight = found === label.class || (label.class === 'unknown' && found === 'soft')
  if (isRight && (verdict.class === 'hard') === label.hardBounce) return null
  return `recipient ${index + 1}: ${found} (${verdict.reason}) in place of ${label.class} [${code} ${enhanced ?? '-'} ${stage ?? '-'} ${text.slice(0, 200)}]`
}

/** One of the stated addresses must be found for each failed recipient. */
function addressProblem(found: readonly string[], { dsnRecipients }: Sample): string | null {
  if (dsnRecipients.length === 0) return null
  const stated = new Set(dsnRecipients.map((address) => address.toLowerCase()))
  const right = found.filter((address) => stated.has(address.toLowerCase()))
  return right.length > 0 && right.length === found.length
    ? null
    : `recipients ${found.join(', ') || 'none'} in place of ${dsnRecipients.join(', ')}`
}
