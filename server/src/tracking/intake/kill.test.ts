import { expect, test } from 'vitest'
import { served } from '../../testing/served.ts'

const SENDERS = 6
const PER_BATCH = 20
/** Answers after which the server is killed, in the midst of the next ones. */
const ANSWERS = 60

/** Two processes start on a machine that may be busy. */
const KILL_TIMEOUT_MS = 120_000

const { ctx, writeKey, start } = await served('kill')

test(
  'NFR-002.3 a server that is killed while events arrive has lost none that it answered, and repeated ones count once',
  { timeout: KILL_TIMEOUT_MS },
  async () => {
    const { origin, process: server } = await start()
    const answered = new Set<string>()
    const unanswered = new Set<string>()
    const sender = async (no: number): Promise<void> => {
      for (let i = 0; ; i++) {
        const mark = `${no}-${i}`
        unanswered.add(mark)
        if (!(await send(origin, mark))) return
        unanswered.delete(mark)
        answered.add(mark)
        if (answered.size === ANSWERS) server.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, (_, no) => sender(no)))
    expect(answered.size).toBeGreaterThanOrEqual(ANSWERS)
    const { origin: again } = await start()
    // What was not answered is sent again, as clients do, and some of what was.
    for (const mark of [...unanswered, ...[...answered].slice(-SENDERS)])
      expect(await send(again, mark)).toBe(true)
    const rows = await ctx.db.query<{ id: string; n: number }>(
      `select payload->>'messageId' as id, count(*)::int as n from event where org_id = $1 and type = 'track:Sent' group by 1`,
      [ctx.orgId],
    )
    const expected = [...answered, ...unanswered].flatMap((mark) =>
      Array.from({ length: PER_BATCH }, (_, n) => `${mark}-${n}`),
    )
    expect(rows.filter(({ n }) => n !== 1)).toEqual([])
    expect(rows.map(({ id }) => id).toSorted()).toEqual(expected.toSorted())
  },
)

/** @returns whether it was answered that the batch is stored */
async function send(origin: string, mark: string): Promise<boolean> {
  const batch = Array.from({ length: PER_BATCH }, (_, n) => ({
    type: 'track',
    event: 'Sent',
    userId: `user-${n}`,
    messageId: `${mark}-${n}`,
  }))
  const answer = await fetch(`${origin}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey, batch }),
  }).catch(() => null)
  return answer?.status === 200
}
