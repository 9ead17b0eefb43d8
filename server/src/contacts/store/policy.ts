/** What an existing contact becomes when a draft about the same person arrives. Pure. */
import { assert } from '../../platform/errors.ts'
import { STANDARD_FIELDS } from '../values/fields.ts'
import type { AttributeValue } from '../values/attribute.ts'
import { LIST_ENTRIES_MAX } from '../values/text.ts'
import { type ContactContent, type Draft, copyContent } from './draft.ts'

/**
 * Rules for people who are already there: `skip` leaves them exactly as they are, `update` lets what the draft says
 * win, `fill` only fills what is empty. An empty cell never clears a value. Tags are always united.
 */
export const POLICIES = ['update', 'fill', 'skip'] as const
export type Policy = (typeof POLICIES)[number]

/** A contact's next content and the names of the fields that change; custom fields as `custom:key`. */
export interface Revision {
  content: ContactContent
  changed: string[]
}

/**
 * Applies a draft to existing content.
 * @returns null when nothing changes
 */
export function applyDraft(
  present: Readonly<ContactContent>,
  draft: Readonly<Draft>,
  policy: Policy,
): Revision | null {
  if (policy === 'skip') return null
  let content: ContactContent | null = null
  const changed: string[] = []
  for (const field of STANDARD_FIELDS) {
    const value = draft[field]
    if (value === null || value === present[field] || (policy === 'fill' && present[field] !== null)) continue
    content ??= copyContent(present)
    content[field] = value
    changed.push(field)
  }
  for (const key in draft.attributes) {
    const value = draft.attributes[key]
    const existing = present.attributes[key]
    if (value === undefined || (policy === 'fill' && existing !== undefined) || isSameValue(value, existing))
      continue
    content ??= copyContent(present)
    content.attributes[key] = value
    changed.push(`custom:${key}`)
  }
  const tags = unite(present.tags, draft.tags)
  if (tags !== present.tags) {
    content ??= copyContent(present)
    content.tags = [...tags]
    changed.push('tags')
  }
  return content && { content, changed }
}

/** What becomes of one draft. */
export type DraftOutcome = 'created' | 'updated' | 'unchanged' | 'skipped'

/** What becomes of one person: the content to store, what changed, and what each of the drafts did. */
export interface PersonPlan {
  content: Readonly<Draft>
  /** Empty when nothing is to be written about an existing contact. */
  changed: readonly string[]
  /** Per draft, in their order. */
  outcomes: readonly DraftOutcome[]
}

const CREATED: readonly DraftOutcome[] = ['created']
const NOTHING: readonly string[] = []

/**
 * Applies the drafts about one person one after the other, exactly as if each had come in a batch of its own, so that
 * the place where a file is cut into batches changes nothing.
 */
export function planPerson(
  present: Readonly<ContactContent> | undefined,
  drafts: readonly Draft[],
  policy: Policy,
): PersonPlan {
  const [only] = drafts
  if (present === undefined && only && drafts.length === 1)
    return { content: only, changed: NOTHING, outcomes: CREATED }
  const changed = new Set<string>()
  const outcomes: DraftOutcome[] = []
  let content = present
  for (const draft of drafts) {
    if (!content) {
      content = draft
      outcomes.push('created')
      continue
    }
    const revision = applyDraft(content, draft, policy)
    if (revision) {
      content = revision.content
      for (const field of revision.changed) changed.add(field)
    }
    outcomes.push(revision ? 'updated' : policy === 'skip' ? 'skipped' : 'unchanged')
  }
  assert(content, 'a person has a draft or is there already')
  return { content, changed: [...changed], outcomes }
}

/** All tags of both, in order of first appearance; the very same array when nothing is added. */
export function unite(present: readonly string[], added: readonly string[]): readonly string[] {
  let united: string[] | null = null
  for (const tag of added) {
    if ((united ?? present).includes(tag) || (united ?? present).length >= LIST_ENTRIES_MAX) continue
    united ??= [...present]
    united.push(tag)
  }
  return united ?? present
}

/** Equal as stored: lists entry by entry. */
export function isSameValue(a: AttributeValue, b: AttributeValue | undefined): boolean {
  if (!Array.isArray(a)) return a === b
  return Array.isArray(b) && a.length === b.length && a.every((entry, i) => entry === b[i])
}
