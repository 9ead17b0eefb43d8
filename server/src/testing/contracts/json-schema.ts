/**
 * Does a value fit a vendor's own description? As much of JSON Schema as the descriptions use, for OpenAPI documents, and
 * the structures of Smithy models. Returns what does not fit; nothing that is not understood passes in silence.
 */

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Problems of a value under a schema of a document. */
export function schemaProblems(
  document: Json,
  schema: unknown,
  value: unknown,
  path = '$',
  isPart = false,
): string[] {
  if (!isObject(schema)) return []
  if (typeof schema['$ref'] === 'string')
    return schemaProblems(document, resolve(document, schema['$ref']), value, path, isPart)
  if (value === null)
    return schema['nullable'] === true || typesOf(schema).includes('null') ? [] : [`${path} is null`]
  // Of several schemas that hold together, each describes a part of the fields.
  const isShared = isPart || 'allOf' in schema || 'anyOf' in schema || 'oneOf' in schema
  return [
    ...listOf(schema['allOf']).flatMap((part) => schemaProblems(document, part, value, path, true)),
    ...choiceProblems(document, schema, value, path, isPart || 'allOf' in schema || 'properties' in schema),
    ...typeProblems(schema, value, path),
    ...enumProblems(schema, value, path),
    ...objectProblems(document, schema, value, path, isShared),
    ...arrayProblems(document, schema, value, path),
    ...textProblems(schema, value, path),
  ]
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const typesOf = (schema: Json): unknown[] =>
  Array.isArray(schema['type']) ? schema['type'] : schema['type'] === undefined ? [] : [schema['type']]

function resolve(document: Json, ref: string): unknown {
  return ref
    .replace('#/', '')
    .split('/')
    .reduce<unknown>(
      (at, key) => (isObject(at) ? at[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      document,
    )
}

function choiceProblems(
  document: Json,
  schema: Json,
  value: unknown,
  path: string,
  isPart: boolean,
): string[] {
  const choices = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]
  if (choices.length === 0) return []
  const tried = choices.map((choice) => schemaProblems(document, choice, value, path, isPart))
  return tried.some((problems) => problems.length === 0)
    ? []
    : (tried.toSorted((a, b) => a.length - b.length)[0] ?? [])
}

function typeProblems(schema: Json, value: unknown, path: string): string[] {
  const types = typesOf(schema)
  if (types.length === 0) return []
  const is = Array.isArray(value) ? 'array' : typeof value
  const fits = types.some((type) => type === is || (type === 'integer' && Number.isInteger(value)))
  return fits ? [] : [`${path} is ${is}, not ${types.join(' or ')}`]
}

const enumProblems = (schema: Json, value: unknown, path: string): string[] =>
  Array.isArray(schema['enum']) && !schema['enum'].includes(value) ? [`${path} is none of its values`] : []

function objectProblems(
  document: Json,
  schema: Json,
  value: unknown,
  path: string,
  isShared: boolean,
): string[] {
  if (!isObject(value)) return []
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const missing = listOf(schema['required']).filter((name) => !(String(name) in value))
  const known = Object.entries(value).flatMap(([name, own]) => {
    if (name in properties) return schemaProblems(document, properties[name], own, `${path}.${name}`)
    const others = schema['additionalProperties']
    if (isObject(others)) return schemaProblems(document, others, own, `${path}.${name}`)
    const isClosed =
      others === false || (others === undefined && !isShared && Object.keys(properties).length > 0)
    return isClosed ? [`${path}.${name} is not described`] : []
  })
  return [...missing.map((name) => `${path}.${String(name)} is missing`), ...known]
}

function arrayProblems(document: Json, schema: Json, value: unknown, path: string): string[] {
  if (!Array.isArray(value)) return []
  const most = schema['maxItems']
  return [
    ...(typeof most === 'number' && value.length > most ? [`${path} has more than ${most} items`] : []),
    ...value.flatMap((item, index) => schemaProblems(document, schema['items'], item, `${path}[${index}]`)),
  ]
}

const textProblems = (schema: Json, value: unknown, path: string): string[] =>
  typeof value === 'string' && typeof schema['maxLength'] === 'number' && value.length > schema['maxLength']
    ? [`${path} is longer than ${schema['maxLength']}`]
    : []

/** Problems of a value under a shape of a Smithy model. */
export function smithyProblems(model: Json, shapeId: string, value: unknown, path = '$'): string[] {
  const shapes = isObject(model['shapes']) ? model['shapes'] : {}
  const shape = shapes[shapeId]
  if (!isObject(shape)) return shapeId.startsWith('smithy.api#') ? [] : [`${shapeId} is not described`]
  if (shape['type'] === 'list') {
    const member = isObject(shape['member']) ? String(shape['member']['target']) : ''
    return Array.isArray(value)
      ? value.flatMap((item, index) => smithyProblems(model, member, item, `${path}[${index}]`))
      : [`${path} is no list`]
  }
  if (shape['type'] === 'string') return typeof value === 'string' ? [] : [`${path} is no text`]
  if (shape['type'] !== 'structure') return []
  if (!isObject(value)) return [`${path} is no structure`]
  const members = isObject(shape['members']) ? shape['members'] : {}
  const missing = Object.entries(members)
    .filter(
      ([name, member]) =>
        isObject(member) &&
        isObject(member['traits']) &&
        'smithy.api#required' in member['traits'] &&
        !(name in value),
    )
    .map(([name]) => `${path}.${name} is missing`)
  const known = Object.entries(value).flatMap(([name, own]) => {
    const member = members[name]
    return isObject(member)
      ? smithyProblems(model, String(member['target']), own, `${path}.${name}`)
      : [`${path}.${name} is not described`]
  })
  return [...missing, ...known]
}
