/** The form in which a version is stored: plain data, read again once per process. */
import type { MailField } from '../schema.ts'

/** A link as frozen with its version. */
export interface MailLink {
  readonly index: number
  /** Absolute; may hold Liquid in path and query, its values encoded. */
  readonly url: string
  /** What a reader sees of it: text, or the description of its image. */
  readonly label: string
}

/** Something of interest at a place in a field. */
export interface Finding {
  readonly field: MailField
  readonly line: number | null
  readonly column: number | null
  /** The variable's name, the image's address, the link's text. */
  readonly what: string
}

/** What the pre-flight must know and only the compiler saw. */
export interface MailFacts {
  readonly htmlBytes: number
  readonly textBytes: number
  readonly textDerived: boolean
  readonly variablesWithoutFallback: readonly Finding[]
  readonly imagesWithoutDescription: readonly Finding[]
  readonly linksToNowhere: readonly Finding[]
  /** Links that only the body can work out; they lead to their target without being counted. */
  readonly linksNotCounted: readonly Finding[]
  readonly linksNotSecure: readonly Finding[]
  /** False: the author gave none everywhere, so ours was put in. */
  readonly unsubscribeByAuthor: boolean
}

/** Version of this form; a reader of an older one compiles the source anew. */
export const COMPILED_FORM = 1

/** A compiled mail. Every text is Liquid in which all outputs are escaped for their place and links are slots. */
export interface CompiledMail {
  readonly form: number
  readonly language: 'en' | 'fr'
  readonly subject: string
  readonly preheader: string
  readonly fromName: string
  readonly fromEmail: string
  readonly replyTo: string
  readonly html: string
  readonly text: string
  readonly links: readonly MailLink[]
  /** Properties of the event that sets its campaign off, which it names; absent in older ones: none. */
  readonly eventProperties?: readonly string[]
  readonly facts: MailFacts
}
