/** A test as it is being written: shown at once, saved a moment after the last change, one save after the other. */
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Test, TestInput } from './api.ts'
import { useSaveTest } from './api.ts'
import { useAutosave } from '../unsaved-work.ts'

const SAVE_AFTER_MS = 500
const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const

export type Variant = Test['variants'][number]
/** What is written of a test. */
export type Written = Pick<Test, 'name' | 'variants' | 'settings'>

export interface TestDraft {
  test: Written
  change: (edit: Partial<Written>) => void
  error: unknown
}

export function useTestDraft(campaignId: string, saved: Test): TestDraft {
  const [test, setTest] = useState<Written>(saved)
  const pending = useRef<Written | null>(null)
  const cache = useQueryClient()
  const { mutateAsync, error } = useSaveTest(campaignId)

  const saveRest = async (): Promise<boolean> => {
    const next = pending.current
    if (next === null) return true
    pending.current = null
    // A test that was taken away is not written again.
    if (cache.getQueryData(['campaigns', campaignId, 'test']) === null) return true
    try {
      await mutateAsync(inputOf(next))
      return true
    } catch {
      // What is refused is shown by `error`; the next save tries again with all that was written.
      pending.current ??= next
      return false
    }
  }
  const { saveSoon } = useAutosave(saveRest, SAVE_AFTER_MS)
  const change = (edit: Partial<Written>): void => {
    const next = { ...(pending.current ?? test), ...edit }
    pending.current = next
    setTest(next)
    saveSoon()
  }
  return { test, change, error }
}

const inputOf = ({ name, variants, settings }: Written): TestInput => ({
  name,
  settings,
  // Without a name of its own a variant is called by its letter.
  variants: variants.map(({ id: _id, name: own, ...variant }) =>
    own.trim() === '' ? variant : { ...variant, name: own.trim() },
  ),
})

/** Another number of variants: letters in order, and even shares, because those set by hand belong to the old number. */
export function shared(variants: readonly Omit<Variant, 'id' | 'percent'>[]): Variant[] {
  const points = 10_000
  const even = Math.floor(points / variants.length)
  const over = points - even * variants.length
  return variants.map((variant, index) => {
    const id = LETTERS[index] ?? 'E'
    return {
      ...variant,
      id,
      // A variant that only its letter names is named by its present letter.
      name: LETTERS.some((letter) => letter === variant.name) ? id : variant.name,
      percent: (even + (index < over ? 1 : 0)) / 100,
    }
  })
}

/** One share changes, the others take what is left in the proportions that they had. */
export function withShare(variants: readonly Variant[], index: number, percent: number): Variant[] {
  const others = variants.reduce((sum, variant, place) => (place === index ? sum : sum + variant.percent), 0)
  const left = 100 - percent
  const shares = variants.map((variant, place) =>
    place === index
      ? percent
      : others > 0
        ? Math.floor(((variant.percent * left) / others) * 100) / 100
        : left / (variants.length - 1),
  )
  const last = shares.findLastIndex((_share, place) => place !== index)
  const missing = 100 - shares.reduce((sum, share) => sum + share, 0)
  return variants.map((variant, place) => ({
    ...variant,
    percent: Math.round(((shares[place] ?? 0) + (place === last ? missing : 0)) * 100) / 100,
  }))
}
