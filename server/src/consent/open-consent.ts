/** Whose opens may be kept: those with a live yes to being followed by a pixel on this channel. */
import { registerOpenGate } from '../tracking/index.ts'
import { selectGranted } from './preferences/queries.ts'
import { CONSENT_CHANNELS, type ConsentChannel } from './words.ts'

/**
 * Registers this room with the pixel of tracking. There is no yes to all channels at once: being followed is agreed to
 * where it happens.
 * Source: compliance report §3.4 (CNIL 2026); PC-18
 */
export function answerOpenGate(): void {
  registerOpenGate(async (ctx, contactIds, channel) => {
    if (!isConsentChannel(channel)) return new Set()
    const rows = await selectGranted(ctx, contactIds, channel, 'tracking_open')
    return new Set(rows.map(([contactId]) => String(contactId) as (typeof contactIds)[number])) // ids of the question
  })
}

const isConsentChannel = (channel: string): channel is ConsentChannel =>
  (CONSENT_CHANNELS as readonly string[]).includes(channel)
