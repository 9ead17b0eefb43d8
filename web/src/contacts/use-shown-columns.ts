import { useState } from 'react'

/** Columns that the list can show beside the name, which is always there. `custom:` and a key for own fields. */
export const listColumns = [
  'email',
  'phone',
  'tags',
  'country',
  'city',
  'language',
  'subscriptionTier',
  'subscriptionStatus',
  'source',
  'createdAt',
] as const
export type ListColumn = (typeof listColumns)[number]

const usualColumns = ['email', 'tags', 'country', 'createdAt']
const storedUnder = 'fanfare.contacts.columns'

/** Which columns this reader wants; kept in this browser. */
export function useShownColumns(): [readonly string[], (shown: string[]) => void] {
  const [shown, setShown] = useState<readonly string[]>(stored)
  return [
    shown,
    (next) => {
      setShown(next)
      localStorage.setItem(storedUnder, JSON.stringify(next))
    },
  ]
}

function stored(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storedUnder) ?? 'null')
    return Array.isArray(kept) ? kept.filter((column) => typeof column === 'string') : usualColumns
  } catch {
    return usualColumns
  }
}
