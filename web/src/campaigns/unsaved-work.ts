/** What is being written on the page of a campaign: whoever lets it leave sees to it that all of it is saved before. */
import { createContext, useContext, useEffect, useEffectEvent } from 'react'
import { useTranslations } from 'use-intl'
import { toast } from '../ui/Toast.tsx'

/** Saves what has not been saved, after what is being saved. @returns whether everything is saved then */
export type SaveNow = () => Promise<boolean>

/** Those who write on a page; `<UnsavedWork value={writers}>` stands around them. */
export const UnsavedWork = createContext<Set<SaveNow>>(new Set())

/** Makes a writer known while it is shown. */
export function useWriter(saveNow: SaveNow): void {
  const writers = useContext(UnsavedWork)
  const latest = useEffectEvent(saveNow)
  useEffect(() => {
    const writer = (): Promise<boolean> => latest()
    writers.add(writer)
    return () => void writers.delete(writer)
  }, [writers])
}

/**
 * Saves what every writer has written: before a launch, a plan, or whatever else takes the campaign as it was saved. Where
 * something could not be saved, it says so.
 */
export function useSaveAll(): SaveNow {
  const t = useTranslations('campaigns.draft')
  const writers = useContext(UnsavedWork)
  return async () => {
    const isSaved = (await Promise.all([...writers].map((saveNow) => saveNow()))).every(Boolean)
    if (!isSaved) toast({ text: t('unsaved'), tone: 'error' })
    return isSaved
  }
}
