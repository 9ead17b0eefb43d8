/**
 * Events with conditions on their properties, for rooms above that are set off by them: the reading in memory of what an
 * `event` clause asks, event by event. Sources: CS-004.1, CS-004.2
 */
import type { Ctx } from '../../platform/context.ts'
import type { LogEvent } from '../../platform/events/index.ts'
import { type EventInput, bindEvent } from '../rules/event-match.ts'
import type { Outcome } from '../rules/operator.ts'
import { personEvent } from '../rules/touched.ts'
import type { Words } from '../rules/words.ts'
import { scopeFor } from './read.ts'

/** Events of one type with conditions, made ready. */
export interface EventTest {
  /** As the event log names it. */
  type: string
  /** `“Order Completed” (total is at least 50)`. */
  phrase: Words
  /** Is this event meant? */
  matches: (event: Pick<LogEvent, 'seq' | 'type' | 'at' | 'campaignId' | 'payload'>) => boolean
}

/** Makes events ready, all in a few statements whatever their number; or says what is wrong with each. */
export async function readEventTests(ctx: Ctx, inputs: readonly EventInput[]): Promise<Outcome<EventTest>[]> {
  if (inputs.length === 0) return []
  const scope = await scopeFor(ctx, [])
  return inputs.map((input): Outcome<EventTest> => {
    const bound = bindEvent(input, scope, 'event')
    if (bound.kind === 'refused') return bound
    const { type, phrase } = bound.value
    return {
      kind: 'ready',
      value: {
        type,
        phrase,
        matches: (event) => event.type === type && bound.value.matches(personEvent(event)),
      },
    }
  })
}
