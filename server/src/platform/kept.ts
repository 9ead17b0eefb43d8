/**
 * Keeps a value under its key as the latest one, and forgets the one that was kept longest ago beyond `max`: the order of
 * a Map is that in which its keys were set.
 */
export function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, max: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= max) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
