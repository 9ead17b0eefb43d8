/** The process that mjml lives in: masked MJML in, HTML out. */
import mjml2html from 'mjml'
import { answerApart } from '../../platform/apart/index.ts'
import type { MjmlAnswer } from './mjml-apart.ts'

answerApart(async (text): Promise<MjmlAnswer> => {
  try {
    const { html, errors } = await mjml2html(text, {
      validationLevel: 'soft',
      // The default would fetch Google's fonts in the reader's mail program, which tells Google who reads.
      fonts: {},
      keepComments: false,
    })
    return { html, errors: errors.map(({ line, message, tagName }) => ({ line, message, tagName })) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : 'unknown' }
  }
})
