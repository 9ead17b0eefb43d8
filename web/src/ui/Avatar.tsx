import { cx } from './cx.ts'

/** Initials of a person or organization in a circle; decoration beside the name. */
export function Avatar({
  name,
  size = 'md',
  shape = 'round',
}: {
  name: string
  size?: 'sm' | 'md' | 'lg'
  shape?: 'round' | 'square'
}) {
  return (
    <span
      aria-hidden
      data-initials={initials(name)}
      className={cx(
        'inline-flex shrink-0 items-center justify-center font-semibold before:content-[attr(data-initials)]',
        shape === 'round' ? 'rounded-full' : 'rounded-md',
        sizes[size],
        tints[hash(name) % tints.length],
      )}
    />
  )
}

function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s@._-]+/)
    .filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    firstLetter(word ?? ''),
  )
  return letters.join('').toLocaleUpperCase() || '?'
}

/** The first letter as a reader sees it, with its accents and marks. */
function firstLetter(word: string): string {
  return new Intl.Segmenter().segment(word)[Symbol.iterator]().next().value?.segment ?? ''
}

/** The same name always has the same tint. */
function hash(text: string): number {
  let sum = 0
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0
  return sum
}

const sizes = { sm: 'size-6 text-xs', md: 'size-8 text-sm', lg: 'size-12 text-lg' }

const tints = [
  'bg-violet-soft text-violet',
  'bg-blue-soft text-blue',
  'bg-green-soft text-green',
  'bg-amber-soft text-amber',
]
