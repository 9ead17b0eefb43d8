/** Sums of smooth functions over a line: ten nodes by Gauss and Legendre on each piece of it. */

/** Gauss and Legendre's nodes on (−1, 1), with their weights; symmetric. */
const NODES = [
  { place: 0.1488743389816312, weight: 0.2955242247147529 },
  { place: 0.4333953941292472, weight: 0.2692667193099963 },
  { place: 0.6794095682990244, weight: 0.219086362515982 },
  { place: 0.8650633666889845, weight: 0.1494513491505806 },
  { place: 0.9739065285171717, weight: 0.0666713443086881 },
].flatMap(({ place, weight }) => [
  { place, weight },
  { place: -place, weight },
])

/**
 * Points and weights that sum a smooth function up over pieces of a line.
 *
 * @param points  where the pieces begin and end, rising
 */
export function* nodesOver(points: readonly number[]): Generator<{ at: number; weight: number }> {
  for (const [index, high] of points.entries()) {
    const low = points[index - 1]
    if (low === undefined) continue
    const [middle, half] = [(low + high) / 2, (high - low) / 2]
    for (const node of NODES) {
      yield { at: middle + half * node.place, weight: half * node.weight }
    }
  }
}
