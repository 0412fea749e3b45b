/** Wires the map of a page to its panels: layer list, card, readout. */
import htmx from 'htmx.org';
import type {XzMap} from '../elements/xz-map';
import {setInAddress} from './address';
import {wireCutTool} from './cut-tool';
import {wireLegend} from './legend';
import {wireNewWork} from './new-work';
import {addOverlay, carried, lookAt, showOverlay} from './overlay';
import {onPick, type Picked} from './pick';
import {showReadout} from './readout';

/** Start once the map of the page is ready. */
export function openWorkbench(): void {
  document.addEventListener('xz:ready', event => wire(event.target as XzMap));
}

function wire(element: XzMap): void {
  const map = element.map!;
  addOverlay(map, 'chosen');
  const readout = document.getElementById('readout');
  if (readout) showReadout(map, readout);
  const legend = document.getElementById('legend');
  if (legend) wireLegend(map, legend, element.config.detail_zoom);
  wireCutTool(element);
  const card = document.getElementById('card');
  if (card) {
    onPick(map, picked => { if (element.hasAttribute('pick')) choose(card, picked); });
  }
  if (element.hasAttribute('draw')) wireNewWork(element);
  const showChosen = (look: boolean): void => {
    const features = carried(document, 'chosen');
    showOverlay(map, 'chosen', features);
    if (look) lookAt(map, features);
  };
  document.addEventListener('htmx:after:swap', () => showChosen(false));
  document.addEventListener('click', event => {
    const target = event.target as Element;
    if (target.closest('[data-look]')) lookAt(map, carried(document, 'chosen'));
    const found = target.closest<HTMLElement>('[data-goto]');
    if (found) goTo(found, event);
  });
  const goTo = (link: HTMLElement, event: Event): void => {
    const geometry = JSON.parse(link.dataset['goto']!) as GeoJSON.Geometry;
    const features: GeoJSON.Feature[] = [{type: 'Feature', geometry, properties: {}}];
    // A road has no card of its own: the map is the answer.
    if (!link.hasAttribute('hx-get')) event.preventDefault();
    showOverlay(map, 'chosen', features);
    lookAt(map, features);
  };
  showChosen(new URL(location.href).searchParams.get('e') === null && carried(document, 'chosen').length > 0);
}

function choose(card: HTMLElement, picked: Picked): void {
  const query = new URLSearchParams();
  for (const [layer, ids] of Object.entries(picked)) if (ids.length) query.set(layer, ids.join(','));
  setInAddress({pick: query.toString() || null});
  void htmx.ajax('GET', `/map/pick?${query}`, {source: card, target: card, swap: 'innerHTML'});
}
