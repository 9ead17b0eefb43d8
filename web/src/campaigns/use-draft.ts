/** The plan as it is being written: shown at once, saved a moment after the last change. */
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../platform/api/problem.ts'
import type { Campaign, PlanEdit } from './api.ts'
import { useSavePlan } from './api.ts'
import { type SaveNow, useAutosave } from './unsaved-work.ts'

const SAVE_AFTER_MS = 800

export interface Draft {
  plan: Pick<
    Campaign,
    | 'name'
    | 'description'
    | 'type'
    | 'goals'
    | 'budget'
    | 'audience'
    | 'channels'
    | 'reach'
    | 'topic'
    | 'content'
    | 'timing'
    | 'trigger'
  >
  change: (edit: PlanEdit) => void
  /** Saves now what has not been saved, before something that needs it. */
  saveNow: SaveNow
  state: 'saved' | 'waiting' | 'saving' | 'failed' | 'overtaken'
  error: unknown
}

/**
 * Somebody else's save is never overwritten: with something unsaved here the draft stops saving and says so, with nothing
 * unsaved it goes on from theirs.
 */
export function useDraft(campaign: Campaign): Draft {
  const [edits, setEdits] = useState<PlanEdit>({})
  const pending = useRef<PlanEdit>({})
  const version = useRef(campaign.version)
  const isSaving = useRef(false)
  const save = useSavePlan(campaign.id)
  const overtaken = save.error instanceof ApiError && save.error.code === 'campaigns.edited_meanwhile'
  const [isWaiting, setWaiting] = useState(false)

  const saveRest = async (): Promise<boolean> => {
    const edit = pending.current
    if (Object.keys(edit).length === 0) return true
    pending.current = {}
    isSaving.current = true
    setWaiting(false)
    try {
      const saved = await save.mutateAsync({ ...edit, version: version.current })
      version.current = saved.version
      return true
    } catch {
      // The error is shown by the page; what was typed stays and goes with the next save.
      pending.current = merged(edit, pending.current)
      return false
    } finally {
      isSaving.current = false
    }
  }
  const { saveSoon, saveNow } = useAutosave(saveRest, SAVE_AFTER_MS)
  const change = (edit: PlanEdit): void => {
    setEdits((before) => merged(before, edit))
    pending.current = merged(pending.current, edit)
    setWaiting(true)
    if (!overtaken) saveSoon()
  }
  useEffect(() => {
    const hasUnsaved = isSaving.current || Object.keys(pending.current).length > 0
    if (hasUnsaved || campaign.version <= version.current) return
    version.current = campaign.version
    setEdits({})
  }, [campaign.version])
  return {
    plan: {
      ...campaign,
      ...withoutUndefined(edits),
      content: { ...campaign.content, ...(edits.content as Partial<Campaign['content']> | undefined) }, // what is edited is whole, channel by channel
    },
    change,
    saveNow,
    error: save.error,
    state: overtaken
      ? 'overtaken'
      : save.isPending
        ? 'saving'
        : save.isError
          ? 'failed'
          : isWaiting
            ? 'waiting'
            : 'saved',
  }
}

/** One edit after the other: contents of several channels stand beside each other. */
function merged(before: PlanEdit, edit: PlanEdit): PlanEdit {
  return edit.content && before.content
    ? { ...before, ...edit, content: { ...before.content, ...edit.content } }
    : { ...before, ...edit }
}

function withoutUndefined(edits: PlanEdit): Partial<Campaign> {
  return Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined)) // what is edited is shown as the server will answer it
}
