/** Gathers the settings: the environment first, then fanfare.config.json in the data directory, then the defaults. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FieldProblem } from '../errors.ts'
import { DATA_DIR, FIELDS, FIELD_NAMES, type Field, type FieldName, type ValueOf } from './fields.ts'
import { SettingProblem } from './values.ts'

/** Where a value in force comes from. */
export type Source = 'environment' | 'file' | 'default'

/** Every setting's value; null where nothing was given and no default stands. */
export type Values = { readonly [N in FieldName]: ValueOf<N> | null }

/** What was found, and what was wrong with it. */
export interface Settings {
  readonly values: Values
  readonly sources: Readonly<Record<FieldName, Source>>
  readonly problems: readonly FieldProblem[]
}

/** An environment: names and texts, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

const FILE_NAME = 'fanfare.config.json'

/** Reads every setting and notes every problem; throws nothing. */
export function gatherSettings(env: Environment): Settings {
  const problems: FieldProblem[] = []
  const dataDir = given(env, 'dataDir') ?? DATA_DIR
  const file = readFile(dataDir, problems)
  const values: Partial<Record<FieldName, unknown>> = {}
  const sources: Partial<Record<FieldName, Source>> = {}
  for (const name of FIELD_NAMES) {
    const fromEnvironment = given(env, name)
    const text = fromEnvironment ?? file.get(name)
    sources[name] = fromEnvironment !== undefined ? 'environment' : text !== undefined ? 'file' : 'default'
    values[name] = text === undefined ? FIELDS[name].fallback : readValue(name, text, problems)
  }
  return {
    values: values as Values, // every name was just set, by the reader of its own field
    sources: sources as Record<FieldName, Source>, // likewise
    problems,
  }
}

/** A text given in the environment; an empty one counts as not given, as in `FANFARE_KEY= npm start`. */
function given(env: Environment, name: FieldName): string | undefined {
  const text = env[FIELDS[name].env]
  return text === undefined || text === '' ? undefined : text
}

function readValue(name: FieldName, text: string, problems: FieldProblem[]): unknown {
  const field: Field<unknown> = FIELDS[name]
  try {
    return field.read(text)
  } catch (error) {
    if (!(error instanceof SettingProblem)) throw error
    const shown = field.isSecret ? 'is not usable' : `is "${text}"`
    problems.push({ path: field.env, message: `${field.env} ${shown}: ${error.message}.` })
    return field.fallback
  }
}

/** The file's settings as texts. A folder or a file that does not exist yet is an empty one. */
function readFile(dataDir: string, problems: FieldProblem[]): Map<FieldName, string> {
  const path = join(dataDir, FILE_NAME)
  const problem = (message: string): Map<FieldName, string> => {
    problems.push({ path: FILE_NAME, message })
    return new Map()
  }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // fs errors carry one
    if (code === 'ENOENT' || code === 'ENOTDIR') return new Map()
    return problem(
      `${path} cannot be read (${code ?? 'unknown'}): give the user that runs Fanfare the right to read it.`,
    )
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return problem(`${path} is not valid JSON: check its commas and quotes, or remove it.`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return problem(`${path} must hold one object, such as { "port": 3000 }.`)
  return asTexts(parsed, path, problems)
}

function asTexts(parsed: object, path: string, problems: FieldProblem[]): Map<FieldName, string> {
  const texts = new Map<FieldName, string>()
  for (const [key, value] of Object.entries(parsed)) {
    const name = FIELD_NAMES.find((candidate) => candidate === key)
    if (name === undefined || name === 'dataDir')
      problems.push({
        path: key,
        message: `${path} has "${key}", which is no setting for this file. It takes: ${FIELD_NAMES.filter((known) => known !== 'dataDir').join(', ')}.`,
      })
    else if (typeof value === 'string' || typeof value === 'number') texts.set(name, String(value))
    else if (Array.isArray(value)) texts.set(name, value.join(','))
    else
      problems.push({ path: key, message: `${path}: "${key}" must be a text, a number or a list of texts.` })
  }
  return texts
}
