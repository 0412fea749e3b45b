/** Snapping to what the register shows: the nearest recorded point or bend within reach of the pointer. */
import type {Map as GlMap} from 'maplibre-gl';

const REACH_PX = 12;

/** The vertex of a rendered node or run nearest to a position, undefined when none is near. */
export function nearestVertex(map: GlMap, at: {lng: number; lat: number}): [number, number] | undefined {
  const point = map.project([at.lng, at.lat]);
  const box: [[number, number], [number, number]] =
    [[point.x - REACH_PX, point.y - REACH_PX], [point.x + REACH_PX, point.y + REACH_PX]];
  let best: [number, number] | undefined;
  let reach = REACH_PX;
  const weigh = (part: unknown, isNode: boolean): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] !== 'number') { part.forEach(each => weigh(each, isNode)); return; }
    const place = map.project(part as [number, number]);
    // A recorded point wins over the bend of a line that ends in it.
    const distance = Math.hypot(place.x - point.x, place.y - point.y) - (isNode ? 3 : 0);
    if (distance < reach) { reach = distance; best = [part[0], part[1] as number]; }
  };
  for (const feature of map.queryRenderedFeatures(box)) {
    const layer = feature.sourceLayer;
    if (feature.source === 'city' && (layer === 'nodes' || layer === 'runs') && 'coordinates' in feature.geometry) {
      weigh(feature.geometry.coordinates, layer === 'nodes');
    }
  }
  return best;
}
