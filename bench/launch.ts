/**
 * `npm run bench -- launch [--contacts=1000000] [--smtp=200000] [--signed=60000] [--slots=3]`: campaigns launched and
 * handed over whole (resolve, consent and suppression, chunks, render, links, ledger, figures) by a worker process, on a
 * durable embedded PostgreSQL: to a channel that discards, over SMTP to a sink in a process of its own, and over SMTP with
 * RSA and Ed25519 signatures; each beside the raw loop of the same transport in the same run.
 */
import { join } from 'node:path'
import { addDomain } from '../server/src/delivery/sending/domains.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { startSink } from './delivery/counterparts.ts'
import { measureLaunch, said, type Measured } from './delivery/measure.ts'
import { organizationWith } from './delivery/people.ts'
import { rawLedgerLoop, rawSigner, rawSmtpLoop, SMTP_CONNECTIONS } from './delivery/raw-loops.ts'
import { withInstallation } from './platform.ts'

const FROM_DOMAIN = 'shop.example'

export default bench({
  name: 'launch',
  about:
    'Campaigns launched and handed over whole, ledger included: discarded, over SMTP, over SMTP with DKIM; beside the raw loop of the same transport.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const sizes = {
        discard: option('contacts', 1_000_000),
        smtp: option('smtp', 200_000),
        signed: option('signed', 60_000),
      }
      const slots = option('slots', 3)
      const sink = await startSink(join(installation.dataDir, 'sink.tsv'))
      const campaign = async (
        name: string,
        people: number,
        smtpUrl: string,
        isSigned: boolean,
      ): Promise<Measured> => {
        const ctx = await organizationWith(installation, people)
        if (isSigned) await addDomain(ctx, FROM_DOMAIN)
        const way = { channel: 'email' as const, workers: 1, slots, env: { SMTP_URL: smtpUrl } }
        const measured = await measureLaunch(installation, ctx, people, way)
        say(said(name, people, measured))
        return measured
      }
      try {
        const rawLedger = await rawLedgerLoop(
          installation.connection,
          Math.min(sizes.discard, 300_000),
          slots,
        )
        say(
          `raw loop, read 1,000 people and write 1,000 rows, ${slots} connections: ${Math.round(rawLedger)}/s`,
        )
        const discarded = await campaign('discard', sizes.discard, 'smtp://discard.invalid', false)
        const rawSmtp = await rawSmtpLoop(sink.port, Math.min(sizes.smtp, 50_000))
        say(`raw SMTP, ${SMTP_CONNECTIONS} connections, one ready mail: ${Math.round(rawSmtp)}/s`)
        const smtpUrl = `smtp://127.0.0.1:${sink.port}?connections=${SMTP_CONNECTIONS}&messages=100000`
        const before = await sink.accepted()
        const smtp = await campaign('smtp', sizes.smtp, smtpUrl, false)
        const arrived = (await sink.accepted()) - before
        if (arrived < smtp.sent) throw new Error(`the sink holds ${arrived} mails, the ledger ${smtp.sent}`)
        const rawSigned = await rawSmtpLoop(sink.port, Math.min(sizes.signed, 20_000), rawSigner())
        say(`raw SMTP, each mail signed with RSA and Ed25519: ${Math.round(rawSigned)}/s`)
        const signed = await campaign('smtp signed', sizes.signed, smtpUrl, true)
        return [
          rate('launch_discard', discarded.sent / discarded.seconds, 'messages/s', rawLedger),
          time('launch_resolve', discarded.resolveSeconds * 1_000, 'ms', null),
          time('launch_first_message', discarded.firstMs, 'ms', null),
          time('launch_discard_cpu', discarded.nodeMicros + discarded.postgresMicros, 'µs/message', null),
          time('launch_peak_rss', discarded.peakMb, 'MB', null),
          rate('launch_smtp', smtp.sent / smtp.seconds, 'messages/s', rawSmtp),
          time('launch_smtp_cpu', smtp.nodeMicros + smtp.postgresMicros, 'µs/message', null),
          rate('launch_smtp_dkim', signed.sent / signed.seconds, 'messages/s', rawSigned),
          time('launch_smtp_dkim_cpu', signed.nodeMicros + signed.postgresMicros, 'µs/message', null),
          time('launch_smtp_peak_rss', smtp.peakMb, 'MB', null),
        ]
      } finally {
        sink.process.kill()
      }
    }),
})
