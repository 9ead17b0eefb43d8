/** A WhatsApp message as the adapter takes it. */
export interface WhatsappMessage {
  token: string
  /** E.164, with the plus. */
  to: string
  /** An approved template with what fills its places; null: free text, within 24 hours of the person's last word. */
  template: { name: string; language: string; variables: readonly string[] } | null
  text: string
}

/** What WhatsApp takes. Source: platforms report §2.8 */
export const WHATSAPP_LIMITS = {
  textCharsMax: 4_096,
  templateBodyCharsMax: 1_024,
  templateHeaderCharsMax: 60,
  windowMs: 24 * 3_600_000,
  /** To one person, from one number. */
  perPersonMs: 6_000,
  perNumberPerSecond: 80,
} as const
