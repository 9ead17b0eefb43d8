import { useFormat } from '../../platform/format.ts'
import type { ImportProblems } from './api.ts'

/** What could not be stored, most often first: the column, the reason, how often. */
export function ReasonList({ title, reasons }: { title: string; reasons: ImportProblems['reasons'] }) {
  const format = useFormat()
  return (
    <div>
      <h3 className="mb-1 font-medium">{title}</h3>
      <ul className="grid grid-cols-1">
        {reasons.map(({ reason, column, sentence, count }) => (
          <li
            key={`${reason}:${column}`}
            className="flex items-baseline justify-between gap-4 border-t border-line py-1.5"
          >
            <span className="min-w-0 break-words">
              {column !== '' && <span className="font-medium">{column}: </span>}
              {sentence}
            </span>
            <span className="figures shrink-0 text-muted">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
