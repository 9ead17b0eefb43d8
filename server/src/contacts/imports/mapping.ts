/** Whether columns are matched to fields in a way that can be imported. */
import type { Ctx } from '../../platform/context.ts'
import type { FieldProblem } from '../../platform/errors.ts'
import { errors } from '../errors.ts'
import type { CustomField } from '../fields/queries.ts'
import { customKeyOf } from '../values/fields.ts'
import type { ContactImport } from './import.ts'
import type { ImportOptions } from './options.ts'

/** @throws contacts.mapping_invalid  with each column at fault and the remedy */
export function checkMapping(
  ctx: Ctx,
  found: Pick<ContactImport, 'columns'>,
  options: ImportOptions,
  fields: readonly CustomField[],
): void {
  const say = (text: Record<'en' | 'fr', string>) => text[ctx.locale]
  const problems: FieldProblem[] = []
  if (options.columns.length !== found.columns.length)
    problems.push({ path: 'columns', message: say(WRONG_COUNT) })
  const seen = new Set<string>()
  options.columns.forEach(({ target }, i) => {
    if (target === 'ignore') return
    const path = `columns.${i}.target`
    if (seen.has(target)) problems.push({ path, message: say(TWICE) })
    seen.add(target)
    const key = customKeyOf(target)
    if (key !== null && !fields.some((field) => field.key === key))
      problems.push({ path, message: say(NO_FIELD) })
  })
  if (!seen.has('email') && !seen.has('phone')) problems.push({ path: 'columns', message: say(NO_ADDRESS) })
  if (options.consentDate !== null && options.consentDate > ctx.now().toISOString().slice(0, 10))
    problems.push({ path: 'consentDate', message: say(FUTURE) })
  if (problems.length > 0) throw errors.mapping_invalid({}, { problems })
}

const WRONG_COUNT = {
  en: 'Give one entry for each column of the file.',
  fr: 'Donnez une entrée pour chaque colonne du fichier.',
}
const TWICE = {
  en: 'Another column already goes to this field.',
  fr: 'Une autre colonne va déjà dans ce champ.',
}
const NO_FIELD = { en: 'There is no such field.', fr: 'Ce champ n’existe pas.' }
const NO_ADDRESS = {
  en: 'Choose which column holds the e-mail address or the phone number: without one a contact cannot be recognised.',
  fr: 'Indiquez quelle colonne contient l’adresse e-mail ou le numéro de téléphone : sans cela un contact ne peut pas être reconnu.',
}
const FUTURE = {
  en: 'Consent cannot lie in the future.',
  fr: 'Un consentement ne peut pas être dans le futur.',
}
