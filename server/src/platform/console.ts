/** Words for the person at the terminal. What programs read goes to the log or, asked for, to standard output. */

/** A line of progress or of trouble. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** A line that was asked for: the answer of a command, the address of a running Fanfare. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
