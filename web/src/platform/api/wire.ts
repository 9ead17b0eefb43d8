/** How the types of a schema look on the wire, where codecs have not been decoded. */

/** What a caller may send: defaults may be left out, ids and instants are strings. */
export type Sent<Schema> = Schema extends { _zod: { input: infer Input } } ? Input : never

/**
 * What the server answers: as strings where codecs are (the input side), and with every default filled in
 * (the output side). Unions of objects keep the input's shape, for their branches cannot be paired by type.
 */
export type Answered<Schema> = Schema extends { _zod: { input: infer Input; output: infer Output } }
  ? Filled<Input, Output>
  : never

type Filled<Input, Output> = unknown extends Output
  ? Input
  : [Output] extends [null | undefined]
    ? Output
    : FilledValue<NonNullable<Input>, NonNullable<Output>> | Extract<Output, null | undefined>

type FilledValue<Input, Output> =
  IsUnion<Output> extends true
    ? Input
    : Output extends readonly (infer OutputItem)[]
      ? Input extends readonly (infer InputItem)[]
        ? Filled<InputItem, OutputItem>[]
        : Input
      : Output extends string | number | boolean | bigint | Date
        ? Input
        : { [Key in keyof Output]: Key extends keyof Input ? Filled<Input[Key], Output[Key]> : Output[Key] }

type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never
