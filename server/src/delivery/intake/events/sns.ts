/**
 * Notifications of Amazon SNS: signed with a certificate that Amazon serves itself, and confirmed once by a visit.
 * Source: AWS, "Verifying the signatures of Amazon SNS messages"; platforms report §2.1
 */
import { createVerify } from 'node:crypto'
import { z } from 'zod'
import type { Egress } from '../../../platform/egress/index.ts'

const notificationSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Subject: z.string().optional(),
  Message: z.string(),
  Timestamp: z.string(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
})
/** A notification, as it came. */
export type SnsNotification = z.output<typeof notificationSchema>

const AMAZON = /^sns\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/
const CERTIFICATES_MAX = 20

/** Reads a body. @returns null when it is none */
export function readSns(body: Buffer): SnsNotification | null {
  try {
    const parsed = notificationSchema.safeParse(JSON.parse(body.toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/**
 * Is it Amazon's, and of this topic?
 * @param topicArn  the topic that the organization named; empty: none is believed
 */
export async function isGenuineSns(
  egress: Pick<Egress, 'request'>,
  notification: SnsNotification,
  topicArn: string,
): Promise<boolean> {
  if (topicArn === '' || notification.TopicArn !== topicArn) return false
  const url = URL.parse(notification.SigningCertURL)
  if (!url || url.protocol !== 'https:' || !AMAZON.test(url.host) || !url.pathname.endsWith('.pem'))
    return false
  const certificate = await certificateAt(egress, url.href)
  if (certificate === null) return false
  try {
    return createVerify(notification.SignatureVersion === '2' ? 'sha256' : 'sha1')
      .update(signedText(notification))
      .verify(certificate, notification.Signature, 'base64')
  } catch {
    return false
  }
}

/** Confirms a subscription by visiting the address that came with it, at Amazon only. */
export async function confirmSns(
  egress: Pick<Egress, 'request'>,
  notification: SnsNotification,
): Promise<void> {
  const url = URL.parse(notification.SubscribeURL ?? '')
  if (url?.protocol === 'https:' && AMAZON.test(url.host)) await egress.request(url.href)
}

/** The fields that are signed, in the order of their names, each name and value on a line. */
function signedText(notification: SnsNotification): string {
  const names =
    notification.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const)
  return names
    .flatMap((name) => {
      const value = notification[name]
      return value === undefined ? [] : [`${name}\n${value}\n`]
    })
    .join('')
}

const certificates = new Map<string, string>()

async function certificateAt(egress: Pick<Egress, 'request'>, url: string): Promise<string | null> {
  const known = certificates.get(url)
  if (known !== undefined) return known
  try {
    const { status, body } = await egress.request(url)
    if (status !== 200 || !body.includes('BEGIN CERTIFICATE')) return null
    certificates.set(url, body)
    if (certificates.size > CERTIFICATES_MAX) certificates.delete(certificates.keys().next().value ?? '')
    return body
  } catch {
    return null
  }
}
