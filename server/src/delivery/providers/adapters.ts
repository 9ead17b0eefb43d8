/** A stored provider → the adapter that speaks to it. */
import type { Ctx } from '../../platform/context.ts'
import { toWire } from '../../platform/ids.ts'
import type { VendorAdapter } from '../channels/api/vendor.ts'
import { tellingMails, type MailMessage } from '../channels/email/mail-message.ts'
import { mailgun } from '../channels/email/vendors/mailgun.ts'
import { postmark } from '../channels/email/vendors/postmark.ts'
import { resend } from '../channels/email/vendors/resend.ts'
import { sendgrid } from '../channels/email/vendors/sendgrid.ts'
import { ses } from '../channels/email/vendors/ses.ts'
import type { SmsMessage } from '../channels/sms/sms-message.ts'
import { httpGateway } from '../channels/sms/vendors/plain-http.ts'
import { twilio } from '../channels/sms/vendors/twilio.ts'
import { vonage } from '../channels/sms/vendors/vonage.ts'
import { webhook, type WebhookMessage } from '../channels/webhook/webhook.ts'
import { whatsappCloud } from '../channels/whatsapp/cloud-api.ts'
import type { WhatsappMessage } from '../channels/whatsapp/whatsapp-message.ts'
import { kindSpec } from './kinds.ts'
import type { OpenProvider, ProviderId } from './provider.ts'

/** An adapter, by the channel whose messages it takes. */
export type ChannelAdapter =
  | { channel: 'email'; adapter: VendorAdapter<MailMessage> }
  | { channel: 'sms'; adapter: VendorAdapter<SmsMessage> }
  | { channel: 'whatsapp'; adapter: VendorAdapter<WhatsappMessage> }
  | { channel: 'webhook'; adapter: VendorAdapter<WebhookMessage> }

/** The address at which a provider tells its events. */
export const hookUrl = (ctx: Ctx, id: ProviderId): string =>
  `${ctx.platform.config.publicUrl}/hooks/${toWire('organization', ctx.orgId)}/${toWire('provider', id)}`

/** Makes the adapter of a provider. */
export function adapterOf(ctx: Ctx, provider: OpenProvider): ChannelAdapter {
  const made = vendorOf(ctx, provider)
  return made.channel === 'email' ? { ...made, adapter: tellingMails(made.adapter) } : made
}

function vendorOf(ctx: Ctx, provider: OpenProvider): ChannelAdapter {
  const value = valueReader(provider)
  const callbackUrl = hookUrl(ctx, provider.id)
  const baseUrl = value('baseUrl').replace(/\/$/, '')
  switch (provider.kind) {
    case 'ses': {
      const region = value('region')
      return {
        channel: 'email',
        adapter: ses({
          baseUrl: baseUrl || `https://email.${region}.amazonaws.com`,
          region,
          accessKeyId: value('accessKeyId'),
          secretAccessKey: value('secretAccessKey'),
          configurationSet: value('configurationSet') || null,
        }),
      }
    }
    case 'sendgrid':
      return { channel: 'email', adapter: sendgrid({ baseUrl, apiKey: value('apiKey') }) }
    case 'mailgun':
      return {
        channel: 'email',
        adapter: mailgun({ baseUrl, domain: value('domain'), apiKey: value('apiKey') }),
      }
    case 'postmark':
      return {
        channel: 'email',
        adapter: postmark({
          baseUrl,
          serverToken: value('serverToken'),
          messageStream: value('messageStream'),
        }),
      }
    case 'resend':
      return { channel: 'email', adapter: resend({ baseUrl, apiKey: value('apiKey') }) }
    case 'twilio':
      return {
        channel: 'sms',
        adapter: twilio({
          baseUrl,
          accountSid: value('accountSid'),
          authToken: value('authToken'),
          from: value('from'),
          callbackUrl,
        }),
      }
    case 'vonage':
      return {
        channel: 'sms',
        adapter: vonage({
          baseUrl,
          apiKey: value('apiKey'),
          apiSecret: value('apiSecret'),
          from: value('from'),
          callbackUrl,
        }),
      }
    case 'gateway':
      return {
        channel: 'sms',
        adapter: httpGateway({
          url: value('url'),
          method: 'POST',
          headers: value('authorization') === '' ? {} : { authorization: value('authorization') },
          contentType:
            value('contentType') === 'application/json'
              ? 'application/json'
              : 'application/x-www-form-urlencoded',
          body: value('body'),
          from: value('from'),
          callbackUrl,
          idPath: value('idPath') || null,
        }),
      }
    case 'whatsapp':
      return {
        channel: 'whatsapp',
        adapter: whatsappCloud({
          baseUrl,
          phoneNumberId: value('phoneNumberId'),
          accessToken: value('accessToken'),
        }),
      }
    case 'webhook':
      return {
        channel: 'webhook',
        adapter: webhook({
          secrets: [value('signingSecret'), value('formerSecret')].filter((secret) => secret !== ''),
          credential:
            value('headerValue') === ''
              ? null
              : {
                  origin: URL.parse(value('url'))?.origin,
                  name: value('headerName'),
                  value: value('headerValue'),
                },
        }),
      }
  }
}

/** A setting or a secret; the kind's own value where nothing was given. */
export function valueReader({ kind, settings, secrets }: OpenProvider): (key: string) => string {
  const fields = new Map(kindSpec(kind).fields.map((field) => [field.key, field]))
  return (key) => {
    const given = settings[key] ?? secrets[key] ?? ''
    return given === '' ? (fields.get(key)?.fallback ?? '') : given
  }
}
