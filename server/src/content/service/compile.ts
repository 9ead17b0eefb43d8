/**
 * Compiling, once for those who ask for the same: the summary before a launch, the launch's own checks and the freezing
 * each need the compiled mail, within seconds and of the same words, and MJML takes 10 to 50 ms, a second more where its
 * process begins.
 */
import { createHash } from 'node:crypto'
import { keepLatest } from '../../platform/kept.ts'
import { compileMail, type Compilation } from '../rules/compile-mail.ts'
import type { VariableDefinition } from '../rules/variables.ts'
import type { MailSource } from '../schema.ts'

/** Compilations kept per process, each some 50 kB; least recently used first. */
const KEPT_MAX = 16
const kept = new Map<string, Promise<Compilation>>()

/** `compileMail`, of which nothing but its source and its catalogue decides the outcome. */
export function compileOnce(
  source: MailSource,
  catalogue: readonly VariableDefinition[],
): Promise<Compilation> {
  const key = createHash('sha256')
    .update(JSON.stringify([source, catalogue]))
    .digest('base64')
  const compilation = kept.get(key) ?? compileMail(source, catalogue)
  keepLatest(kept, key, compilation, KEPT_MAX)
  compilation.catch(() => kept.delete(key))
  return compilation
}
