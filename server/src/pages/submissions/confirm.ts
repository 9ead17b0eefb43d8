/** The second half of a double opt-in. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { toWire } from '../../platform/ids.ts'
import { subscriptionConfirmed } from '../events.ts'
import { formDefinition, type FormDefinition } from '../schema.ts'
import { selectVersion } from '../forms/queries.ts'
import { inputOf, recordTicked, upsertPerson } from './submit.ts'
import { lockSubmission, markConfirmed, selectSubmission, type SubmissionRow } from './queries.ts'

/** What a link to confirm finds. */
export type Confirmation =
  | { kind: 'expired'; submission: SubmissionRow | null; definition: FormDefinition | null }
  | { kind: 'open' | 'confirmed' | 'already'; submission: SubmissionRow; definition: FormDefinition }

/** What a link would do now. Changes nothing. */
export async function lookAt(ctx: Ctx, submissionId: string): Promise<Confirmation> {
  return judge(ctx, await selectSubmission(ctx, submissionId))
}

/**
 * Confirms, once: the words count from this moment, and what was typed goes into the profile. A link that has run out
 * gives no consent. Source: PC-08
 */
export function confirm(ctx: Ctx, submissionId: string): Promise<Confirmation> {
  return inTransaction(ctx, async (ctx) => {
    const found = await judge(ctx, await lockSubmission(ctx, submissionId))
    if (found.kind !== 'open') return found
    const { submission, definition } = found
    const input = inputOf(submission.fieldValues ?? {}, definition.tags)
    // By the address and not by the number: profiles may have been merged since.
    const contactId = await upsertPerson(ctx, input, 'update')
    const boxes = definition.boxes.filter(({ key }) => submission.boxes.includes(key))
    await recordTicked(ctx, contactId, submission, boxes, 'granted')
    await markConfirmed(ctx, submission.id, contactId)
    announce(
      ctx,
      subscriptionConfirmed,
      { formId: toWire('form', submission.formId), version: submission.version },
      { contactId },
    )
    return { kind: 'confirmed', submission, definition }
  })
}

async function judge(ctx: Ctx, submission: SubmissionRow | undefined): Promise<Confirmation> {
  if (!submission) return { kind: 'expired', submission: null, definition: null }
  const stored = await selectVersion(ctx, submission.formId, submission.version)
  const definition = formDefinition.parse(stored)
  if (submission.state === 'confirmed') return { kind: 'already', submission, definition }
  const isOpen =
    submission.state === 'pending' && submission.expiresAt !== null && submission.expiresAt > ctx.now()
  return { kind: isOpen ? 'open' : 'expired', submission, definition }
}
