/**
 * `npm run bench -- NAME [--option=n]`: runs one bench and prints a line per figure. Without a name it lists them.
 * `--record` also writes the figures into docs/benchmarks.md.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Bench, Figure } from './bench.ts'

const HERE = new URL('.', import.meta.url)
const PAGE = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url))
const names = (await readdir(HERE))
  .filter((file) => file.endsWith('.ts') && !['run.ts', 'bench.ts', 'platform.ts'].includes(file))
  .map((file) => file.slice(0, -3))

const [name, ...flags] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.log(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`)
  process.exit(name === undefined ? 0 : 2)
}

const { default: bench } = (await import(new URL(`${name}.ts`, HERE).href)) as { default: Bench } // each file of this folder exports one
console.log(bench.about)
const textOf = (option: string): string | null =>
  flags.find((flag) => flag.startsWith(`--${option}=`))?.slice(option.length + 3) ?? null
const figures = await bench.run({
  say: (line) => console.log(line),
  option: (option, fallback) => Number(textOf(option) ?? fallback),
  text: textOf,
})
for (const figure of figures) console.log(lineOf(figure))
if (flags.includes('--record')) await record(bench, figures)
process.exit(0)

function lineOf({ name: figure, value, unit, raw, ratio }: Figure): string {
  return `figure ${figure} value=${round(value)} unit=${unit} raw=${raw === null ? 'none' : round(raw)} ratio=${ratio === null ? 'none' : round(ratio)}`
}

/** Three figures that mean something; more would claim what a shared machine cannot hold. */
function round(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

async function record({ name: title, about }: Bench, measured: readonly Figure[]): Promise<void> {
  const heading = `## ${title}`
  const rows = measured.map(
    ({ name: figure, value, unit, raw, ratio }) =>
      `| ${figure} | ${round(value)} | ${unit} | ${raw === null ? '—' : round(raw)} | ${ratio === null ? '—' : round(ratio)} |`,
  )
  const section = [
    heading,
    '',
    about,
    '',
    `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores, Node ${process.version}.`,
    '',
    '| figure | value | unit | raw loop | ratio |',
    '| --- | ---: | --- | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
  const page = await readFile(PAGE, 'utf8')
  const start = page.indexOf(`${heading}\n`)
  const next = start < 0 ? -1 : page.indexOf('\n## ', start + 1)
  const updated =
    start < 0
      ? `${page.trimEnd()}\n\n${section}`
      : page.slice(0, start) + section + (next < 0 ? '' : page.slice(next))
  await writeFile(PAGE, updated)
}
