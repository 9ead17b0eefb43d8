/** The channels whose figures lead to people; the words of the API. */
export const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
