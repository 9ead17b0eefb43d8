/**
 * `npm run bench -- import [--rows=1000000]`: a CSV file of people through the whole import (upload, decoding, reading,
 * validation of e-mail, phone, date, country and custom fields, matching, merging, undo and progress records, events),
 * on a durable embedded PostgreSQL; beside COPY of the same rows, already normalised, into a bare table with the same
 * columns. A worker of its own imports, so that its CPU time and its memory are not those of making the file.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { rooms } from '../server/src/app.ts'
import { addField } from '../server/src/contacts/index.ts'
import { getImport, preview, startImport, undoImport } from '../server/src/contacts/imports/manage.ts'
import { importOptions } from '../server/src/contacts/imports/options.ts'
import { uploadFile } from '../server/src/contacts/imports/upload.ts'
import type { Connection } from '../server/src/platform/db/index.ts'
import { newId } from '../server/src/platform/ids.ts'
import { runDueJobs } from '../server/src/platform/jobs/index.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import {
  type Installation,
  asOwner,
  cpuOf,
  pause,
  peakMegabytes,
  startProcess,
  withInstallation,
} from './platform.ts'

/** How often it is looked whether the import has ended. */
const LOOK_EVERY_MS = 50

export default bench({
  name: 'import',
  about:
    'A CSV file of people (15 columns: e-mail, phone, names, birthday, country, tags, three custom fields…) imported whole, then imported again, then undone; beside COPY of the same normalised rows into a bare table.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const { platform, connection, cpuMicros } = installation
      const rows = option('rows', 1_000_000)
      const ctx = platform.systemCtx(newId<'organization'>(platform.clock.now()))
      const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
      await addField(ctx, { name: 'Points', type: 'number' })
      await addField(ctx, { name: 'Size', type: 'choice', choices: ['S', 'M', 'L'] })
      await addField(ctx, { name: 'Since', type: 'date' })

      const rawBefore = await cpuMicros()
      const raw = await rawCopy(connection, rows)
      const rawCpu = ((await cpuMicros()) - rawBefore) / rows
      say(`raw COPY into a bare table: ${Math.round(raw)} rows/s, ${rawCpu.toFixed(1)} µs of CPU a row`)

      const upload = async (): Promise<{
        id: Awaited<ReturnType<typeof uploadFile>>['id']
        options: ReturnType<typeof importOptions.parse>
      }> => {
        const found = await uploadFile(ctx, {
          fileName: 'people.csv',
          content: Readable.from(csv(rows)),
          isTruncated: () => false,
          timeZone: 'Europe/Paris',
        })
        const options = importOptions.parse({
          columns: found.columns,
          policy: 'update',
          defaultCountry: 'FR',
          tags: ['bench'],
        })
        return { id: found.id, options }
      }
      const timed = async (work: () => Promise<unknown>): Promise<number> => {
        const startedAt = performance.now()
        await work()
        return (performance.now() - startedAt) / 1000
      }
      const drain = async (): Promise<void> => {
        while ((await runDueJobs(platform, jobs)) > 0);
      }

      const first = await upload()
      const previewSeconds = await timed(() => preview(ctx, first.id, first.options))
      const { seconds, node, database, peak } = await byWorker(installation, rows, async () => {
        await startImport(ctx, first.id, first.options)
        while ((await getImport(ctx, first.id)).state === 'running') await pause(LOOK_EVERY_MS)
      })
      const done = await getImport(ctx, first.id)
      if (done.state !== 'completed' || done.created !== rows)
        throw new Error(`the import ended as ${done.state} with ${done.created} of ${rows}`)
      say(
        `created ${done.created} in ${seconds.toFixed(1)} s; CPU a row: Node ${node.toFixed(1)} µs, PostgreSQL ${database.toFixed(1)} µs; peak of the worker ${Math.round(peak)} MB`,
      )

      const second = await upload()
      const secondsAgain = await timed(async () => {
        await startImport(ctx, second.id, second.options)
        await drain()
      })
      const again = await getImport(ctx, second.id)
      if (again.unchanged !== rows)
        throw new Error(`the second import changed ${rows - again.unchanged} contacts`)
      say(`found ${again.unchanged} unchanged in ${secondsAgain.toFixed(1)} s`)

      const undoSeconds = await timed(async () => {
        await undoImport(ctx, first.id)
        await drain()
      })
      const undone = await getImport(ctx, first.id)
      if (undone.removed !== rows) throw new Error(`the undo removed ${undone.removed} of ${rows}`)

      return [
        rate('import', rows / seconds, 'rows/s', raw),
        time('import_cpu', node + database, 'µs/row', rawCpu),
        rate('import_again', rows / secondsAgain, 'rows/s', raw),
        rate('import_undo', rows / undoSeconds, 'rows/s', null),
        time('import_preview', previewSeconds * 1000, 'ms', null),
        time('import_peak_rss', peak, 'MB', null),
      ]
    }),
})

/** What an import took that a worker does while `work` waits for it; CPU in microseconds a row, memory in megabytes. */
async function byWorker(
  installation: Installation,
  rows: number,
  work: () => Promise<void>,
): Promise<{ seconds: number; node: number; database: number; peak: number }> {
  const worker = await startProcess('worker-process.ts', {
    ...installation.processSettings,
    aheadMs: 0,
    slots: 1,
    jobsOnly: true,
  })
  try {
    const pids = worker.pid === undefined ? [] : [worker.pid]
    const [before, startedAt] = [await cpuOf(installation, pids), performance.now()]
    await work()
    const seconds = (performance.now() - startedAt) / 1_000
    const after = await cpuOf(installation, pids)
    return {
      seconds,
      node: (after.node - before.node) / rows,
      database: (after.postgres - before.postgres) / rows,
      peak: Math.max(...(await Promise.all(pids.map(peakMegabytes)))),
    }
  } finally {
    worker.kill()
  }
}

const FIRST_NAMES = ['Zoé', 'Marc', 'Inès', 'Jean-Luc', 'Anna', 'Léo', 'Chloé', 'Hugo'] as const
const LAST_NAMES = ['Martin', 'Lefèvre', 'Dupont', 'O’Neil', 'Garçon', 'Smith', 'Nguyen', 'Müller'] as const
const CITIES = ['Paris', 'Lyon', 'Orléans', 'Nice', 'Brest'] as const
const pick = <T>(list: readonly [T, ...T[]], n: number): T => list[n % list.length] ?? list[0]
const two = (n: number): string => String(n).padStart(2, '0')

/** The file, in pieces of a thousand rows. */
async function* csv(rows: number): AsyncGenerator<Buffer> {
  yield Buffer.from(
    'E-mail;Téléphone;Prénom;Nom;Ville;Pays;Langue;Fuseau horaire;Né le;Palier;Statut abonnement;Tags;Points;Size;Since\n',
  )
  for (let from = 0; from < rows; from += 1_000) {
    let text = ''
    for (let i = from; i < Math.min(rows, from + 1_000); i++) {
      const digits = String(10_000_000 + i).padStart(8, '0')
      text += `Person.${i}@Example${i % 50}.com;06 ${digits.slice(0, 2)} ${digits.slice(2, 4)} ${digits.slice(4, 6)} ${digits.slice(6, 8)};${pick(FIRST_NAMES, i)};${pick(LAST_NAMES, i >> 3)};${pick(CITIES, i)};France;français;Europe/Paris;${two((i % 28) + 1)}/${two((i % 12) + 1)}/${1950 + (i % 50)};gold;active;"vip, ${pick(CITIES, i)}";${i % 1000},5;m;2024-${two((i % 12) + 1)}-01\n`
    }
    yield Buffer.from(text)
  }
}

/** COPY of the rows as they will be stored, into a table without index. @returns rows per second */
function rawCopy(connection: Connection, rows: number): Promise<number> {
  return asOwner(connection, async (client) => {
    await client.query(`create table raw_contact (email text, phone text, first_name text, last_name text, city text, country text, language text,
    time_zone text, birthday date, tier text, status text, tags text[], attributes jsonb)`)
    const text = async function* (): AsyncGenerator<Buffer> {
      for (let from = 0; from < rows; from += 1_000) {
        let piece = ''
        for (let i = from; i < Math.min(rows, from + 1_000); i++) {
          piece += `person.${i}@example${i % 50}.com\t+336${String(10_000_000 + i)}\t${pick(FIRST_NAMES, i)}\t${pick(LAST_NAMES, i >> 3)}\t${pick(CITIES, i)}\tFR\tfr\tEurope/Paris\t1990-01-02\tgold\tactive\t{bench,vip,${pick(CITIES, i)}}\t{"size":"M","since":"2024-01-01","points":${i % 1000}.5}\n`
        }
        yield Buffer.from(piece)
      }
    }
    const startedAt = performance.now()
    await pipeline(Readable.from(text()), client.query(copyFrom('copy raw_contact from stdin')))
    const seconds = (performance.now() - startedAt) / 1000
    await client.query('drop table raw_contact')
    return rows / seconds
  })
}
