/** A launch for tests: a mail and a run of everyone, without the room campaigns. */
import { createMailVersion } from '../content/index.ts'
import { mailSource, type MailSourceInput } from '../content/schema.ts'
import { startRun } from '../delivery/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { newId, type CampaignId, type RunId } from '../platform/ids.ts'
import { audienceSchema, type AudienceInput } from '../segments/index.ts'

/** Everybody. */
export const EVERYONE: AudienceInput = { include: { rule: { all: [] } } }

export interface TestLaunch {
  mail?: MailSourceInput
  audience?: AudienceInput
  purpose?: 'marketing' | 'transactional'
}

/** Starts a run. @returns its id and its campaign's */
export async function testLaunch(
  ctx: Ctx,
  { mail = {}, audience = EVERYONE, purpose = 'marketing' }: TestLaunch = {},
): Promise<{ runId: RunId; campaignId: CampaignId }> {
  const source = mailSource.parse({
    subject: 'Hello {{ contact.first_name | default: "you" }}',
    fromName: 'Atelier Test',
    fromEmail: 'hello@shop.example',
    body: '<mjml><mj-body><mj-section><mj-column><mj-text>Bonjour {{ contact.first_name | default: "vous" }}, <a href="https://shop.example/soldes">les soldes</a></mj-text></mj-column></mj-section></mj-body></mjml>',
    ...mail,
  })
  return inTransaction(ctx, async (ctx) => {
    const campaignId = newId<'campaign'>(ctx.now())
    const version = await createMailVersion(ctx, source)
    const run = await startRun(ctx, {
      campaignId,
      channel: 'email',
      purpose,
      audience: audienceSchema.parse(audience),
      versionId: version.id,
      plannedAt: ctx.now(),
    })
    return { runId: run.id, campaignId }
  })
}
