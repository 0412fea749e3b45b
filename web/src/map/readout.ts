/** Coordinates under the pointer, X = north and Y = east as surveyors read them, and the scale bar. */
import type {Map as GlMap} from 'maplibre-gl';
import {pixelSize, type Plane, toPlane} from './city-grid';

const BAR_PX = 120;

/** A round length that fits into ``width_m``: 1, 2 or 5 times a power of ten. */
export function roundLength(width_m: number): number {
  const power = 10 ** Math.floor(Math.log10(width_m));
  return [5, 2, 1].map(step => step * power).find(length => length <= width_m) ?? power;
}

/** The position as a surveyor writes it. */
export function spoken([east_m, north_m]: Plane): string {
  return `X ${north_m.toFixed(2)}  Y ${east_m.toFixed(2)}`;
}

/** Keep the readout and the scale bar of ``panel`` up to date. */
export function showReadout(map: GlMap, panel: HTMLElement): void {
  const place = panel.querySelector<HTMLElement>('[data-place]')!;
  const bar = panel.querySelector<HTMLElement>('[data-bar]')!;
  const length = panel.querySelector<HTMLElement>('[data-length]')!;
  const measure = (): void => {
    const metre = pixelSize(map.getZoom());
    const long_m = roundLength(BAR_PX * metre);
    bar.style.width = `${long_m / metre}px`;
    length.textContent = long_m >= 1000 ? `${long_m / 1000} km` : `${long_m} m`;
  };
  const centre = (): void => { place.textContent = spoken(toPlane(map.getCenter())); };
  map.on('mousemove', event => { place.textContent = spoken(toPlane(event.lngLat)); });
  map.on('move', () => { measure(); centre(); });
  measure();
  centre();
}
