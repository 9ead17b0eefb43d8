/** Why somebody did not get a message, in the reader's words. */
import { useTranslations } from 'use-intl'
import type en from './messages/en.json'

type Reason = keyof (typeof en)['reasons']
type HeldReason = keyof (typeof en)['held']

/** The sentence of a reason; one that has no words yet is shown as it is rather than hidden. */
export function useReasonText(): (reason: string) => string {
  const t = useTranslations('campaigns')
  return (reason) => (t.has(`reasons.${reason as Reason}`) ? t(`reasons.${reason as Reason}`) : reason)
}

/** The same for what keeps a message waiting. */
export function useHeldText(): (reason: string) => string {
  const t = useTranslations('campaigns')
  return (reason) => (t.has(`held.${reason as HeldReason}`) ? t(`held.${reason as HeldReason}`) : reason)
}
