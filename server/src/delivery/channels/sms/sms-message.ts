/** An SMS as adapters take it. */
export interface SmsMessage {
  /** Names the message, 40 characters: what later events are known by. */
  token: string
  /** E.164, with the plus. */
  to: string
  text: string
}
