/** Our own templates: six occasions, in English and French, light and dark. */
import type { StarterKey } from '../schema.ts'
import { event } from './event.ts'
import type { StarterMail } from './frame.ts'
import { launch } from './launch.ts'
import { newsletter } from './newsletter.ts'
import { offer } from './offer.ts'
import { welcome } from './welcome.ts'
import { winBack } from './win-back.ts'

export type { StarterMail } from './frame.ts'

const MAKERS: Readonly<Record<StarterKey, (language: 'en' | 'fr') => StarterMail>> = {
  newsletter,
  welcome,
  launch,
  offer,
  event,
  win_back: winBack,
}

/**
 * One built-in template.
 * Source: MA-1.1
 */
export const starter = (key: StarterKey, language: 'en' | 'fr'): StarterMail => MAKERS[key](language)
