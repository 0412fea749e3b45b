/** What was read of a delivery, over what the register holds: lines by kind, findings at their places. */
import type {Map as GlMap} from 'maplibre-gl';
import type {XzMap} from '../elements/xz-map';
import {inAddress} from './address';
import {addOverlay, carried, lookAt, showOverlay, unproject} from './overlay';
import {showReadout} from './readout';

interface Preview extends GeoJSON.FeatureCollection {
  shown: number;
  of: number;
}

const OTHER = '#6b7885';

/** Start once the map of the page is ready. */
export function openPreview(): void {
  document.addEventListener('xz:ready', event => { void wire(event.target as XzMap); });
  document.addEventListener('xz:no-webgl', () => {
    document.querySelector('[data-sketch]')?.setAttribute('open', '');
  });
}

async function wire(element: XzMap): Promise<void> {
  const map = element.map!;
  const readout = document.getElementById('readout');
  if (readout) showReadout(map, readout);
  const answer = await fetch(element.dataset['preview']!);
  if (!answer.ok) throw new Error(`the preview answered ${answer.status}`);
  const preview = await answer.json() as Preview;
  const colours = (element.config as unknown as {colours: Record<string, string>}).colours;
  addLines(map, preview.features, colours);
  addOverlay(map, 'findings');
  // Small from afar: the lines are looked at first.
  map.setPaintProperty('findings-point', 'circle-radius', ['interpolate', ['linear'], ['zoom'], 7, 2.5, 11, 7]);
  map.setPaintProperty('findings-point', 'circle-stroke-width', ['interpolate', ['linear'], ['zoom'], 7, 0.5, 11, 2]);
  showOverlay(map, 'findings', carried(document, 'findings'));
  if (inAddress('finding') === null || inAddress('e') === null) lookAt(map, preview.features, 13);
  tell(preview);
  element.dataset['preview'] = 'shown';
}

function addLines(map: GlMap, features: GeoJSON.Feature[], colours: Record<string, string>): void {
  const colour = ['match', ['get', 'kind'], ...Object.entries(colours).flat(), OTHER] as never;
  map.addSource('preview', {
    type: 'geojson',
    data: {type: 'FeatureCollection', features: features.map(one => ({...one, geometry: unproject(one.geometry)}))},
  });
  const layout = {'line-cap': 'round', 'line-join': 'round'} as const;
  map.addLayer({id: 'preview-casing', type: 'line', source: 'preview', layout,
    paint: {'line-color': '#ffbf00', 'line-width': 7}});
  map.addLayer({id: 'preview-line', type: 'line', source: 'preview', layout,
    paint: {'line-color': colour, 'line-width': 3}});
}

function tell(preview: Preview): void {
  const note = document.querySelector<HTMLElement>('[data-shown]');
  if (!note) return;
  note.textContent = (note.dataset['words'] ?? '')
    .replace('{shown}', String(preview.shown)).replace('{of}', String(preview.of));
  note.hidden = false;
}
