import { useEffect, useState } from 'react'

/** The value as it was when it last stood still for a while: what is worth asking the server about. */
export function useSettled<Value>(value: Value, stillMs = 300): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), stillMs)
    return () => clearTimeout(timer)
  }, [value, stillMs])
  return settled
}
