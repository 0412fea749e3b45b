/** What lies under a click: every thing once, nothing left out. */
import type {Map as GlMap, MapMouseEvent} from 'maplibre-gl';

const REACH_PX = 6;
const PICKED = ['runs', 'nodes', 'parcels', 'buildings', 'works'] as const;

export type Picked = Record<(typeof PICKED)[number], string[]>;

/** Ids by source layer of all features within a few pixels of ``point``. */
export function pickAt(map: GlMap, point: {x: number; y: number}): Picked {
  const found: Picked = {runs: [], nodes: [], parcels: [], buildings: [], works: []};
  const corner = (sign: number): [number, number] => [point.x + sign * REACH_PX, point.y + sign * REACH_PX];
  for (const feature of map.queryRenderedFeatures([corner(-1), corner(1)])) {
    const layer = feature.sourceLayer as keyof Picked;
    // A label stands beside its line: a click on it does not mean what it covers.
    if (feature.source !== 'city' || feature.layer.type === 'symbol') continue;
    if (!PICKED.includes(layer) || feature.id === undefined) continue;
    const id = String(feature.id);
    if (!found[layer].includes(id)) found[layer].push(id);
  }
  return found;
}

/** Call ``answer`` with what was clicked, and whether there was anything. */
export function onPick(map: GlMap, answer: (picked: Picked, event: MapMouseEvent) => void): void {
  map.on('click', event => answer(pickAt(map, event.point), event));
}
