/** What is wrong with the design of a form. Pure. */
import type { FieldProblem } from '../../platform/errors.ts'
import type { FormDefinition } from '../schema.ts'

/** What a definition may refer to. */
export interface FormSurroundings {
  /** Keys of custom fields that are not archived. */
  customFields: ReadonlySet<string>
  /** Topics that are offered, with the channels they go out on. */
  topics: ReadonlyMap<string, readonly string[]>
}

/** Boxes that were ticked beforehand. */
export function preticked({ boxes }: FormDefinition): FieldProblem[] {
  return boxes.flatMap(({ isTicked }, position) =>
    isTicked
      ? [
          {
            path: `definition.boxes.${position}.isTicked`,
            message:
              'A box ticked beforehand is no consent (GDPR recital 32). Leave it for the person to tick.',
          },
        ]
      : [],
  )
}

/** Everything else that is wrong with a definition, place by place. */
export function problemsOf(definition: FormDefinition, about: FormSurroundings): FieldProblem[] {
  return [
    ...languageProblems(definition),
    ...fieldProblems(definition, about),
    ...boxProblems(definition, about),
  ]
}

function languageProblems({ languages, title, boxes }: FormDefinition): FieldProblem[] {
  const missing = (words: Partial<Record<'en' | 'fr', string | undefined>>, path: string): FieldProblem[] =>
    languages
      .filter((language) => (words[language] ?? '') === '')
      .map((language) => ({
        path: `${path}.${language}`,
        message: 'This language is offered: the text is needed in it.',
      }))
  return [
    ...missing(title, 'definition.title'),
    ...boxes.flatMap(({ wording }, position) => missing(wording, `definition.boxes.${position}.wording`)),
  ]
}

function fieldProblems({ fields }: FormDefinition, { customFields }: FormSurroundings): FieldProblem[] {
  const problems: FieldProblem[] = []
  if (!fields.some(({ field, isRequired }) => field === 'email' && isRequired))
    problems.push({
      path: 'definition.fields',
      message: 'Every form asks for the e-mail address, as required.',
    })
  fields.forEach(({ field, label }, position) => {
    const path = `definition.fields.${position}`
    if (fields.findIndex((other) => other.field === field) < position)
      problems.push({ path: `${path}.field`, message: 'This field is asked for already.' })
    if (!field.startsWith('custom:')) return
    if (!customFields.has(field.slice('custom:'.length)))
      problems.push({ path: `${path}.field`, message: 'There is no such field.' })
    if (!label?.en && !label?.fr)
      problems.push({ path: `${path}.label`, message: 'Say how the question reads.' })
  })
  return problems
}

function boxProblems({ fields, boxes }: FormDefinition, { topics }: FormSurroundings): FieldProblem[] {
  const problems: FieldProblem[] = []
  boxes.forEach(({ key, channel, purpose, topic }, position) => {
    const path = `definition.boxes.${position}`
    if (boxes.findIndex((other) => other.key === key) < position)
      problems.push({ path: `${path}.key`, message: 'This key is taken.' })
    const needsPhone = channel === 'sms' || channel === 'whatsapp'
    if (needsPhone && !fields.some(({ field }) => field === 'phone'))
      problems.push({
        path: `${path}.channel`,
        message: 'Ask for the phone number too: nobody could be reached on this channel.',
      })
    if (topic === null) return
    const channels = topics.get(topic)
    if (purpose !== 'marketing')
      problems.push({ path: `${path}.topic`, message: 'Only marketing has topics.' })
    else if (!channels) problems.push({ path: `${path}.topic`, message: 'There is no such topic.' })
    else if (!channels.includes(channel))
      problems.push({ path: `${path}.channel`, message: 'This topic does not go out on this channel.' })
  })
  return problems
}
