/** The words of intake that schema and screens share. */

/** Kinds of messages. `alias` joins two ids and is no event of its own. */
export const MESSAGE_KINDS = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/** Longest name of an event. */
export const EVENT_NAME_CHARS_MAX = 200

/** Where a source's messages come from: pages, whose key everybody can read, or a server, which keeps it. */
export const SOURCE_KINDS = ['browser', 'server'] as const
export type SourceKind = (typeof SOURCE_KINDS)[number]

/** What may stand in a path of the Segment protocol, long and short. */
export const CALLS = [
  'track',
  'identify',
  'page',
  'screen',
  'group',
  'alias',
  'batch',
  'import',
  't',
  'i',
  'p',
  's',
  'g',
  'a',
  'b',
] as const
export type Call = (typeof CALLS)[number]

/** What an event means for money and subscriptions. */
export const EVENT_ROLES = ['purchase', 'refund', 'subscription_started', 'subscription_ended'] as const
export type EventRole = (typeof EVENT_ROLES)[number]

/** Kinds of values of a property. A text that is an instant or a day counts as a date. */
export const VALUE_KINDS = ['text', 'number', 'boolean', 'date', 'list', 'object'] as const
export type ValueKind = (typeof VALUE_KINDS)[number]
