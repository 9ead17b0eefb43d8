/**
 * `npm run bench -- growth [--people=100000,1000000,10000000] [--slots=3]`: one campaign to each of these audiences, one
 * after the other in one database, with nothing called; beside the smallest of them in the same run. With ten million
 * people it needs some 16 GB of disk and a quarter of an hour.
 * Source: NFR-003.2, NFR-003.5
 */
import { type Figure, bench, rate, time } from './bench.ts'
import { measureLaunch, NOTHING_CALLED, said, type Measured } from './delivery/measure.ts'
import { organizationWith } from './delivery/people.ts'
import { withInstallation } from './platform.ts'

const SIZES = '100000,1000000,10000000'

export default bench({
  name: 'growth',
  about: 'One campaign to a hundred thousand, a million and ten million people, beside the smallest.',
  run: ({ say, option, text }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const slots = option('slots', 3)
      const figures: Figure[] = []
      let least: Measured | null = null
      for (const people of (text('people') ?? SIZES).split(',').map(Number)) {
        const ctx = await organizationWith(installation, people)
        const measured = await measureLaunch(installation, ctx, people, {
          channel: 'email',
          workers: 1,
          slots,
          env: NOTHING_CALLED,
        })
        say(said('campaign', people, measured))
        figures.push(...figuresOf(`growth_${people}`, measured, least))
        least ??= measured
      }
      return figures
    }),
})

function figuresOf(name: string, measured: Measured, least: Measured | null): Figure[] {
  const perSecond = ({ sent, seconds }: Measured): number => sent / seconds
  return [
    rate(name, perSecond(measured), 'messages/s', least && perSecond(least)),
    time(`${name}_first`, measured.firstMs, 'ms', least && least.firstMs),
    time(`${name}_resolved`, measured.resolveSeconds, 's', null),
    time(`${name}_cpu_node`, measured.nodeMicros, 'µs/message', least && least.nodeMicros),
    time(`${name}_cpu_postgres`, measured.postgresMicros, 'µs/message', least && least.postgresMicros),
    time(`${name}_peak_rss`, measured.peakMb, 'MB', least && least.peakMb),
  ]
}
