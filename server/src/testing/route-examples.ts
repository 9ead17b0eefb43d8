/**
 * Calls made up from what routes say of themselves: which kinds of ids they take, and a body that their schema
 * accepts. So a new route is tried by the tests of all routes without being named in them.
 */
import { z } from 'zod'
import { ID_KINDS, wirePattern, type IdKind } from '../platform/ids.ts'

/** A wire id per kind, to be put where a schema wants one. */
export type IdsByKind = Partial<Record<IdKind, string>>

interface JsonSchema {
  $ref?: string
  $defs?: Record<string, JsonSchema>
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  prefixItems?: JsonSchema[]
  minItems?: number
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  pattern?: string
  format?: string
  minLength?: number
  minimum?: number
  exclusiveMinimum?: number
}

const KIND_OF_PATTERN = new Map(
  (Object.keys(ID_KINDS) as IdKind[]).map((kind) => [wirePattern(kind).source, kind]),
)
/** How deep an example follows optional branches of recursive schemas. */
const DEPTH_MAX = 12

/** The kind of id that each path parameter is, null for one that is no id. */
export function parameterKinds(params: z.ZodObject): Record<string, IdKind | null> {
  const { properties = {} } = jsonSchemaOf(params)
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      KIND_OF_PATTERN.get(schema.pattern ?? '') ?? null,
    ]),
  )
}

/** The kinds of ids that occur anywhere in a schema. */
export function kindsIn(schema: z.ZodType): IdKind[] {
  const text = JSON.stringify(jsonSchemaOf(schema))
  return [...KIND_OF_PATTERN]
    .filter(([pattern]) => text.includes(JSON.stringify(pattern).slice(1, -1)))
    .map(([, kind]) => kind)
}

/** A value that the schema accepts, as small as it may be, with the given ids. */
export function exampleOf(schema: z.ZodType, ids: IdsByKind): unknown {
  const root = jsonSchemaOf(schema)
  return example(root, root, ids, 0)
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema // what Zod documents
}

function example(schema: JsonSchema, root: JsonSchema, ids: IdsByKind, depth: number): unknown {
  if (depth > DEPTH_MAX) throw new Error('the schema has no small example')
  if (schema.$ref !== undefined) return example(resolve(schema.$ref, root), root, ids, depth + 1)
  if ('const' in schema) return schema.const
  if (schema.enum) return schema.enum[0]
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return firstThatWorks(branches, root, ids, depth)
  if (schema.allOf)
    return Object.assign({}, ...schema.allOf.map((part) => example(part, root, ids, depth + 1)))
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [
          name,
          example(schema.properties?.[name] ?? {}, root, ids, depth + 1),
        ]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () =>
        example(schema.items ?? {}, root, ids, depth + 1),
      )
    case 'string':
      return text(schema, ids)
    case 'integer':
    case 'number':
      return schema.exclusiveMinimum === undefined ? (schema.minimum ?? 1) : schema.exclusiveMinimum + 1
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return 'example'
  }
}

/** The last branch of a recursive union is often its leaf: each is tried until one ends. */
function firstThatWorks(
  branches: readonly JsonSchema[],
  root: JsonSchema,
  ids: IdsByKind,
  depth: number,
): unknown {
  for (const branch of branches) {
    try {
      return example(branch, root, ids, depth + 1)
    } catch {
      continue
    }
  }
  throw new Error('the schema has no small example')
}

function resolve(ref: string, root: JsonSchema): JsonSchema {
  if (ref === '#') return root
  const found = root.$defs?.[ref.replace('#/$defs/', '')]
  if (!found) throw new Error(`unknown reference ${ref}`)
  return found
}

function text(schema: JsonSchema, ids: IdsByKind): string {
  const kind = KIND_OF_PATTERN.get(schema.pattern ?? '')
  if (kind !== undefined) {
    const id = ids[kind]
    if (id === undefined) throw new Error(`no sample of the kind ${kind}: add one to testing/samples.ts`)
    return id
  }
  switch (schema.format) {
    case 'email':
      return 'example@team.example'
    case 'date-time':
      return '2027-01-15T09:00:00Z'
    case 'date':
      return '2027-01-15'
    case 'uri':
      return 'https://example.com/'
    case 'uuid':
      return '0190a000-0000-7000-8000-000000000000'
    default:
      return 'example'.padEnd(schema.minLength ?? 0, 'e')
  }
}
