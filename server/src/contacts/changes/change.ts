/** A change to many contacts at once: what is done, to whom. */
import { z } from 'zod'
import type { Id } from '../../platform/ids.ts'
import { contactFilter } from '../list/filter.ts'
import { ENTRY_CHARS_MAX } from '../values/text.ts'

export type ChangeId = Id<'bulk_change'>

/** Most contacts that are named one by one; more are named by a filter. */
export const SELECTED_IDS_MAX = 1_000

const tags = z.array(z.string().trim().min(1).max(ENTRY_CHARS_MAX)).min(1).max(20)

/** What is done to each. E-mail and phone are a person's own: nobody sets them for many. */
export const bulkAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add_tags'), tags }),
  z.object({ kind: z.literal('remove_tags'), tags }),
  z.object({
    kind: z.literal('set_field'),
    /** A standard field, or `custom:` and a key. */
    field: z.string().min(1).max(80),
    /** null empties it. */
    value: z
      .union([
        z.string().max(2_000),
        z.number(),
        z.boolean(),
        z.array(z.string().max(ENTRY_CHARS_MAX)).max(100),
      ])
      .nullable(),
  }),
  z.object({ kind: z.literal('delete') }),
])
export type BulkAction = z.output<typeof bulkAction>

/** To whom: people named one by one, or all that a filter names but a few. */
export const storedSelection = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ids'),
    ids: z
      .array(z.string().regex(/^\d{1,19}$/))
      .min(1)
      .max(SELECTED_IDS_MAX),
  }),
  z.object({
    kind: z.literal('matching'),
    filter: contactFilter,
    except: z.array(z.string().regex(/^\d{1,19}$/)).max(SELECTED_IDS_MAX),
  }),
])
export type Selection = z.output<typeof storedSelection>

export const CHANGE_STATES = ['running', 'completed', 'undoing', 'undone', 'failed'] as const
export type ChangeState = (typeof CHANGE_STATES)[number]

/** A change as it is stored. */
export interface ContactChange {
  id: ChangeId
  action: BulkAction
  selection: Selection
  state: ChangeState
  /** People who are meant, seen so far, really changed, and on undo left as they are because somebody touched them. */
  total: number
  done: number
  changed: number
  kept: number
  cursor: string
  createdBy: string
  createdAt: Date
  undoUntil: Date
}
