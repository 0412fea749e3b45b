/** Things of the page drawn over the map: the chosen thing, the cut line, the places of the findings. */
import type {GeoJSONSource, Map as GlMap} from 'maplibre-gl';
import {type Plane, toLngLat} from './city-grid';

type Feature = GeoJSON.Feature;

const FONT = ['Noto Sans CJK SC Bold'];
const COLOURS = ['match', ['get', 'tone'], 'bad', '#b00020', 'warn', '#8a5300', 'ask', '#3d3a6b', 'cut', '#16202b', '#ffbf00'];

/** A shape smaller than this on the screen is a dot. */
const LEAST_PX = 16;

/** A GeoJSON geometry of the storage CRS, with its coordinates as the map wants them. */
export function unproject(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  const turn = (part: unknown): unknown => Array.isArray(part) && typeof part[0] === 'number'
    ? toLngLat([part[0], part[1]] as Plane) : (part as unknown[]).map(turn);
  if (geometry.type === 'GeometryCollection') {
    return {...geometry, geometries: geometry.geometries.map(unproject)};
  }
  return {...geometry, coordinates: turn(geometry.coordinates)} as GeoJSON.Geometry;
}

/** Put an empty overlay on the map: source and layers ``name``. */
export function addOverlay(map: GlMap, name: string): void {
  if (map.getSource(name)) return;
  map.addSource(name, {type: 'geojson', data: {type: 'FeatureCollection', features: []}});
  map.addLayer({id: `${name}-glow`, type: 'line', source: name, layout: {'line-cap': 'round', 'line-join': 'round'},
    paint: {'line-color': '#fff', 'line-width': 11, 'line-opacity': 0.85}});
  map.addLayer({id: `${name}-line`, type: 'line', source: name, layout: {'line-cap': 'round', 'line-join': 'round'},
    paint: {'line-color': COLOURS as never, 'line-width': 5}});
  map.addLayer({id: `${name}-point`, type: 'circle', source: name, filter: ['==', ['geometry-type'], 'Point'],
    paint: {'circle-radius': ['interpolate', ['linear'], ['zoom'], 7, 3, 9.5, 6], 'circle-color': COLOURS as never, 'circle-stroke-color': '#fff', 'circle-stroke-width': 2}});
  map.addLayer({id: `${name}-label`, type: 'symbol', source: name, filter: ['has', 'text'],
    layout: {'text-field': ['get', 'text'], 'text-font': FONT, 'text-size': 14, 'text-padding': 3,
      'text-variable-anchor': ['bottom', 'top', 'right', 'left'], 'text-radial-offset': 0.8,
      'symbol-sort-key': ['to-number', ['get', 'text'], 0]},
    paint: {'text-color': COLOURS as never, 'text-halo-color': '#fff', 'text-halo-width': 2}});
}

/** Show ``features`` (storage CRS) in the overlay, in place of what was there. */
export function showOverlay(map: GlMap, name: string, features: Feature[]): void {
  const source = map.getSource<GeoJSONSource>(name);
  void source?.setData({
    type: 'FeatureCollection',
    features: features.map(each => ({...each, geometry: unproject(each.geometry)})),
  });
}

/** Features that fragments of the page carry as JSON under ``[data-overlay=name]``. */
export function carried(root: ParentNode, name: string): Feature[] {
  return [...root.querySelectorAll(`script[data-overlay="${name}"]`)]
    .flatMap(node => JSON.parse(node.textContent || '[]') as Feature[]);
}

/** Whether some vertex of a line can be seen. */
export function isInView(map: GlMap, line: Plane[]): boolean {
  const shown = map.getBounds();
  return line.some(place => shown.contains(toLngLat(place)));
}

/** Whether a shape can be seen and told from a dot. */
export function isSeen(map: GlMap, outline: Plane[]): boolean {
  const places = outline.map(place => map.project(toLngLat(place)));
  const [xs, ys] = [places.map(place => place.x), places.map(place => place.y)];
  const extent_px = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  return extent_px >= LEAST_PX && isInView(map, outline);
}

/** Bring features into view, nearer than ``maxZoom`` never. */
export function lookAt(map: GlMap, features: Feature[], maxZoom = 11): void {
  const all: [number, number][] = [];
  const gather = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === 'number') all.push(toLngLat([part[0], part[1]] as Plane));
    else part.forEach(gather);
  };
  for (const {geometry} of features) if ('coordinates' in geometry) gather(geometry.coordinates);
  if (!all.length) return;
  const [lngs, lats] = [all.map(place => place[0]), all.map(place => place[1])];
  map.fitBounds([[Math.min(...lngs), Math.min(...lats)], [Math.max(...lngs), Math.max(...lats)]],
    {padding: 80, maxZoom, animate: false});
}
