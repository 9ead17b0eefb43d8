/** What is being written on the page of a campaign: whoever lets it leave sees to it that all of it is saved before. */
import { createContext, useContext, useEffect, useEffectEvent, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { toast } from '../ui/Toast.tsx'

/** Saves what has not been saved, after what is being saved. @returns whether everything is saved then */
export type SaveNow = () => Promise<boolean>

/** Those who write on a page; `<UnsavedWork value={writers}>` stands around them. */
export const UnsavedWork = createContext<Set<SaveNow>>(new Set())

/**
 * Saves a moment after the last change, one save after the other, when whoever writes leaves, and when another part of the
 * page needs everything saved.
 * @param saveRest saves what has not been saved, if anything
 */
export function useAutosave(saveRest: SaveNow, afterMs: number): { saveSoon: () => void; saveNow: SaveNow } {
  const writers = useContext(UnsavedWork)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef<Promise<boolean>>(Promise.resolve(true))
  const saveNow = (): Promise<boolean> => {
    clearTimeout(timer.current)
    latest.current = latest.current.then(saveRest)
    return latest.current
  }
  const saveSoon = (): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void saveNow(), afterMs)
  }
  const current = useEffectEvent(saveNow)
  useEffect(() => {
    const writer = (): Promise<boolean> => current()
    writers.add(writer)
    return () => {
      writers.delete(writer)
      void writer()
    }
  }, [writers])
  return { saveSoon, saveNow }
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
