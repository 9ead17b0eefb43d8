/** A launch for tests: a mail and a run of everyone, without the room campaigns. */
import { createMailVersion, createMessageVersion } from '../content/index.ts'
import { mailSource, messageSource, type MailSourceInput } from '../content/schema.ts'
import { startRun, type Reach, type RunChannel, type RunContent, type RunTiming } from '../delivery/index.ts'
import { freezeLinks } from '../tracking/index.ts'
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
  /** In this order; e-mail alone unless said otherwise. */
  channels?: readonly RunChannel[]
  reach?: Reach
  /** What it is about; anything unless said otherwise. */
  topic?: string
  timing?: Partial<RunTiming>
}

/** What is said on the other channels. */
const MESSAGES = {
  sms: {
    channel: 'sms',
    text: 'Hello {{ contact.first_name | default: "you" }}: https://shop.example/sales Reply STOP to opt out',
  },
  whatsapp: {
    channel: 'whatsapp',
    template: 'sales',
    variables: ['{{ contact.first_name | default: "you" }}'],
  },
  in_app: {
    channel: 'in_app',
    title: 'The sales have begun',
    body: 'Hello {{ contact.first_name | default: "you" }}',
    actionLabel: 'Look',
    actionUrl: 'https://shop.example/sales',
  },
  webhook: { channel: 'webhook', url: 'https://hooks.example/fanfare' },
} as const

/** Starts a run. @returns its id and its campaign's */
export async function testLaunch(
  ctx: Ctx,
  {
    mail = {},
    audience = EVERYONE,
    purpose = 'marketing',
    channels = ['email'],
    reach = 'all',
    topic,
    timing = {},
  }: TestLaunch = {},
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
    const contents: RunContent[] = []
    for (const channel of channels) {
      const version =
        channel === 'email'
          ? await createMailVersion(ctx, source)
          : await createMessageVersion(ctx, messageSource.parse(MESSAGES[channel]))
      await freezeLinks(
        ctx,
        version.id,
        version.links.map(({ index, url, label }) => ({ linkNo: index, url, label })),
      )
      contents.push({ channel, variant: 0, versionId: version.id })
    }
    const run = await startRun(ctx, {
      topic: topic ?? null,
      campaignId,
      contents,
      reach,
      purpose,
      audience: audienceSchema.parse(audience),
      plannedAt: ctx.now(),
      timing,
    })
    return { runId: run.id, campaignId }
  })
}
