/** What a bench is: something measured beside a raw loop or a peer in the same run. */

/** One measured figure. `ratio` is value/raw for rates and raw/value for times: 1 means as good as the raw loop. */
export interface Figure {
  name: string
  value: number
  unit: string
  /** The raw loop's or peer's figure from the same run; null where none applies. */
  raw: number | null
  ratio: number | null
}

export interface Bench {
  name: string
  /** One sentence: what is measured, against what. */
  about: string
  /** Tells progress with `say`; sizes come from the command line as `--rows=1000000`, texts as `--keep=FOLDER`. */
  run(options: {
    say: (line: string) => void
    option: (name: string, fallback: number) => number
    text: (name: string) => string | null
  }): Promise<Figure[]>
}

export function bench(definition: Bench): Bench {
  return definition
}

/** A figure of a rate (more is better) beside the raw loop's. */
export function rate(name: string, value: number, unit: string, raw: number | null): Figure {
  return { name, value, unit, raw, ratio: raw === null ? null : value / raw }
}

/** A figure of a time (less is better) beside the raw loop's. */
export function time(name: string, value: number, unit: string, raw: number | null): Figure {
  return { name, value, unit, raw, ratio: raw === null ? null : raw / value }
}
