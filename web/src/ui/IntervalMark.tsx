/**
 * The interval of one value as a small bar, on the scale of its column, with a tick where the usual value lies. The figures
 * stand in text beside it.
 *
 *     <IntervalMark value={.04} lower={.03} upper={.05} usual={.035} max={.1} />
 */
export function IntervalMark({
  value,
  lower,
  upper,
  usual,
  max,
}: {
  value: number
  lower: number
  upper: number
  usual?: number | undefined
  /** Where the scale ends; it begins at nothing. */
  max: number
}) {
  const place = (at: number): string => `${max > 0 ? 100 * Math.min(1, Math.max(0, at / max)) : 0}%`
  return (
    <span aria-hidden className="relative block h-2 w-20 rounded-full bg-soft">
      <span
        className="absolute inset-y-0.5 min-w-0.5 rounded-full bg-edge"
        style={{ left: place(lower), right: `calc(100% - ${place(upper)})` }}
      />
      {usual !== undefined && (
        <span
          className="absolute -inset-y-0.5 w-0.5 -translate-x-1/2 rounded-full bg-accent"
          style={{ left: place(usual) }}
        />
      )}
      <span
        className="absolute top-1/2 size-2 -translate-x-1/2 -translate-y-1/2 rounded-full bg-muted"
        style={{ left: place(value) }}
      />
    </span>
  )
}
