export { answerApart } from './answer-apart.ts'
export { type ProcessApart, processApart } from './process-apart.ts'
