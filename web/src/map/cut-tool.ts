/** A cut across the map: two clicks, and the server draws the section of what lies between them. */
import htmx from 'htmx.org';
import type {XzMap} from '../elements/xz-map';
import {type Plane, toPlane} from './city-grid';
import {addOverlay, carried, showOverlay} from './overlay';

/** Wire the button of the page, when it has one. */
export function wireCutTool(element: XzMap): void {
  const button = document.querySelector<HTMLButtonElement>('[data-cut-tool]');
  const target = document.getElementById('section');
  if (!button || !target) return;
  const map = element.map!;
  const hint = document.querySelector<HTMLElement>('[data-cut-hint]');
  addOverlay(map, 'cut');
  let start: Plane | undefined;
  const use = (on: boolean): void => {
    start = undefined;
    button.setAttribute('aria-pressed', String(on));
    element.toggleAttribute('pick', !on);
    hint?.toggleAttribute('hidden', !on);
    element.dataset['tool'] = on ? 'cut' : 'pick';
  };
  button.disabled = false;
  button.addEventListener('click', () => use(button.getAttribute('aria-pressed') !== 'true'));
  const draw = async (from: Plane, to: Plane): Promise<void> => {
    const query = new URLSearchParams({
      e1: from[0].toFixed(3), n1: from[1].toFixed(3), e2: to[0].toFixed(3), n2: to[1].toFixed(3),
    });
    await htmx.ajax('GET', `/map/section?${query}`, {source: target, target, swap: 'innerHTML'});
    showOverlay(map, 'cut', carried(document, 'cut'));
    target.scrollIntoView({block: 'nearest'});
  };
  map.on('click', event => {
    if (element.dataset['tool'] !== 'cut') return;
    const place = toPlane(event.lngLat);
    if (!start) {
      start = place;
      showOverlay(map, 'cut', [{type: 'Feature', properties: {tone: 'cut'}, geometry: {type: 'Point', coordinates: place}}]);
      return;
    }
    const from = start;
    // The tool is put away first: the click that ends the cut must not choose a line as well.
    queueMicrotask(() => use(false));
    void draw(from, place);
  });
}
