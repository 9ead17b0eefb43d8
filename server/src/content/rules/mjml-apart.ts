/**
 * mjml, in a process of its own: loading it takes a second, in which a server would answer nobody and a worker hand
 * nothing over, and some 100 MB, which stay.
 */
import { z } from 'zod'
import { processApart } from '../../platform/apart/index.ts'

/** What mjml made of a body, or why it made nothing. */
const mjmlAnswer = z.union([
  z.object({
    html: z.string(),
    errors: z.array(z.object({ line: z.number(), message: z.string(), tagName: z.string() })),
  }),
  z.object({ failed: z.string() }),
])
export type MjmlAnswer = z.infer<typeof mjmlAnswer>

const mjml = processApart({
  file: new URL('mjml-process.ts', import.meta.url),
  answer: mjmlAnswer,
})

/**
 * Masked MJML, looked through already, as mjml turns it into HTML.
 * @throws Error  when its process ended or did not answer in time
 */
export const renderMjml = (text: string): Promise<MjmlAnswer> => mjml.ask(text)
