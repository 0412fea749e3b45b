/** Snapping to what the register shows: the nearest recorded point or bend within reach of the pointer. */
import type {Map as GlMap} from 'maplibre-gl';
import {pixelSize, type Plane, toPlane} from './city-grid';

const REACH_PX = 12;
/** A click is moved no farther than the form promises; the server then takes the stored point within it. */
const REACH_M = 0.3;
/** A recorded point wins over the bend of a line that ends in it: tiles lay both down to centimetres. */
const POINT_FIRST_M = 0.05;

/** Whether the pointer can tell 0.3 m at the map's zoom; tiles there are laid down to 2 cm. */
export function isNearEnough(map: GlMap): boolean {
  return pixelSize(map.getZoom()) <= REACH_M / 2;
}

/** The vertex of a rendered node or run nearest to a position, undefined when none is near. */
export function nearestVertex(map: GlMap, at: {lng: number; lat: number}): [number, number] | undefined {
  if (!isNearEnough(map)) return undefined;
  const point = map.project([at.lng, at.lat]);
  const box: [[number, number], [number, number]] =
    [[point.x - REACH_PX, point.y - REACH_PX], [point.x + REACH_PX, point.y + REACH_PX]];
  const [east_m, north_m] = toPlane(at);
  let best: [number, number] | undefined;
  let reach_m = Math.min(REACH_M, REACH_PX * pixelSize(map.getZoom()));
  const weigh = (part: unknown, isNode: boolean): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] !== 'number') { part.forEach(each => weigh(each, isNode)); return; }
    const [lng, lat] = part as [number, number];
    const place: Plane = toPlane({lng, lat});
    const away_m = Math.hypot(place[0] - east_m, place[1] - north_m);
    const weighed_m = away_m - (isNode ? POINT_FIRST_M : 0);
    if (away_m <= REACH_M && weighed_m < reach_m) { reach_m = weighed_m; best = [lng, lat]; }
  };
  for (const feature of map.queryRenderedFeatures(box)) {
    const layer = feature.sourceLayer;
    if (feature.source === 'city' && (layer === 'nodes' || layer === 'runs') && 'coordinates' in feature.geometry) {
      weigh(feature.geometry.coordinates, layer === 'nodes');
    }
  }
  return best;
}
