/** The state of the view lives in the address, so that a link shows the same. */
import type {Map as GlMap} from 'maplibre-gl';
import {toLngLat, toPlane} from './city-grid';

/** Change some parameters of the address without a new step in the history; null takes one away. */
export function setInAddress(changes: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(history.state, '', url);
}

/** A parameter of the address, null when absent. */
export function inAddress(name: string): string | null {
  return new URL(location.href).searchParams.get(name);
}

/** Write centre and zoom into the address whenever the map comes to rest. */
export function keepView(map: GlMap): void {
  map.on('moveend', () => {
    const [east, north] = toPlane(map.getCenter());
    setInAddress({e: east.toFixed(1), n: north.toFixed(1), z: map.getZoom().toFixed(2)});
    for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-list-link]')) {
      link.search = `?e=${east.toFixed(1)}&n=${north.toFixed(1)}`;
    }
  });
}

/** The view an address asks for, or undefined. */
export function viewInAddress(): {center: [number, number]; zoom: number} | undefined {
  const [east, north, zoom] = ['e', 'n', 'z'].map(name => Number(inAddress(name) ?? NaN));
  if (![east, north, zoom].every(Number.isFinite)) return undefined;
  return {center: toLngLat([east!, north!]), zoom: zoom!};
}
