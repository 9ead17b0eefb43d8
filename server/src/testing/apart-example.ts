/** A process apart that the tests of `platform/apart` ask. */
import { answerApart } from '../platform/apart/index.ts'

answerApart((question: string) => {
  if (question === 'end') process.exit(3)
  if (question === 'run for ever') for (;;);
  if (question === 'garbage') return Promise.resolve({ said: null })
  return Promise.resolve({ said: `heard ${question}`, settings: Object.keys(process.env) })
})
