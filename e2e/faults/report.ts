/** The report of a run of the suite: a table of faults. */
import type { Fault } from './fault.ts'
import type { Result } from './round.ts'

/** A round that was played. */
export interface Played {
  fault: Fault
  seed: number
  seconds: number
  result: Result
  isGood: boolean
}

/** Prints the table. @returns whether everything held */
export function report(played: readonly Played[], seconds: number): boolean {
  const rows = [...Map.groupBy(played, ({ fault }) => fault)].map(([fault, rounds]) => {
    const sum = (of: (result: Result) => number): number =>
      rounds.reduce((total, { result }) => total + of(result), 0)
    const notes = new Map<string, number>()
    for (const { result } of rounds)
      for (const [name, value] of Object.entries(result.notes))
        notes.set(name, Math.max(notes.get(name) ?? 0, value))
    return [
      fault.id,
      fault.title,
      rounds.length,
      sum(({ meant }) => meant),
      sum(({ lost }) => lost.length),
      sum(({ doubles }) => doubles),
      sum(({ unlisted }) => unlisted.length),
      sum(({ listed }) => listed),
      sum(({ unsure }) => unsure),
      rounds.filter(({ isGood }) => !isGood).length,
      [...notes].map(([name, value]) => `${name} ≤ ${value}`).join(', '),
    ]
  })
  const heads = [
    'fault',
    'what happens',
    'rounds',
    'meant',
    'lost',
    'doubles',
    'not listed',
    'listed',
    'never taken',
    'wrong rounds',
    'figures',
  ]
  console.log(`\n| ${heads.join(' | ')} |`)
  console.log(`| ${heads.map((_, n) => (n < 2 || n > 9 ? '---' : '---:')).join(' | ')} |`)
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  const wrong = played.filter(({ isGood }) => !isGood)
  const total = (of: (result: Result) => number): number =>
    played.reduce((sum, { result }) => sum + of(result), 0)
  console.log(
    `\n${played.length} rounds in ${Math.round(seconds)} s: ${total(({ meant }) => meant)} meant, ${total(({ lost }) => lost.length)} lost, ${total(({ doubles }) => doubles)} doubles, ${total(({ unlisted }) => unlisted.length)} of them not listed; ${wrong.length} rounds wrong`,
  )
  for (const { fault, seed } of wrong)
    console.log(`again: npm run faults -- --only=${fault.id} --seed=${seed} --rounds=1`)
  return wrong.length === 0
}
