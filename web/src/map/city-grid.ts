/** The city's own plane: registered once, positions in and out of it. East, north in metres. */
import {addProjection, importScriptInWorkers} from 'maplibre-gl';
import proj4 from 'proj4';
import handlerUrl from './projection-handler?worker&url';

export interface Grid {
  name: string;
  definition: string;
  origin: [number, number];
  extent_m: number;
}

export type Plane = [east_m: number, north_m: number];

interface Converter {
  forward(position: number[]): number[];
  inverse(position: number[]): number[];
}

let converter: Converter | undefined;
let grid: Grid | undefined;

/** Make the grid known to the map library; GeoJSON sources are cut in workers, which need it too. */
export async function useGrid(wanted: Grid): Promise<void> {
  if (converter) return;
  grid = wanted;
  converter = proj4('EPSG:4326', wanted.definition) as Converter;
  addProjection({
    name: wanted.name,
    projection: converter,
    definition: wanted.definition,
    tileMatrixSet: {origin: wanted.origin, extentAtZoom0: wanted.extent_m},
  });
  await importScriptInWorkers(handlerUrl);
}

/** Where a map position lies in the plane. */
export function toPlane(place: {lng: number; lat: number}): Plane {
  const [east, north] = converter!.forward([place.lng, place.lat]);
  return [east!, north!];
}

/** A position of the plane as longitude and latitude, the map's own language. */
export function toLngLat([east_m, north_m]: Plane): [number, number] {
  const [lng, lat] = converter!.inverse([east_m, north_m]);
  return [lng!, lat!];
}

/** Metres in one pixel at a zoom. */
export function pixelSize(zoom: number): number {
  return grid!.extent_m / 512 / 2 ** zoom;
}
