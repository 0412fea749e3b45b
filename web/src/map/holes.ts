/** Excavations drawn on the map become blocks of text in the form: a depth, then the corners. */
import type {Map as GlMap} from 'maplibre-gl';
import type {LineDrawing} from './draw';
import {carried, showOverlay} from './overlay';

/** Wire the field of the excavations to the drawing; the field. */
export function wireHoles(map: GlMap, drawing: LineDrawing): HTMLTextAreaElement {
  const field = document.querySelector<HTMLTextAreaElement>('[data-holes]')!;
  const depth = document.querySelector<HTMLInputElement>('[data-hole-depth] input');
  const write = (text: string): void => {
    field.value = text;
    const fold = field.closest('details');
    if (fold) fold.open = fold.open || text !== '';
    field.dispatchEvent(new Event('input', {bubbles: true}));
  };
  field.addEventListener('change', () => drawing.keepHoles(field.value));
  drawing.onHoles = write;
  drawing.onHole = outline => {
    const said = depth?.value.trim() ?? '';
    const head = said === '' ? [] : [`${depth!.dataset['head']} ${said}`];
    const corners = outline.map(([east, north]) => `${north.toFixed(3)} ${east.toFixed(3)}`);
    const blocks = [field.value.trim(), [...head, ...corners].join('\n')];
    write(blocks.filter(block => block !== '').join('\n\n'));
    drawing.keepHoles(field.value);
    // Until the answer brings it: what was closed stays to be seen.
    const drawn: GeoJSON.Feature = {type: 'Feature', properties: {tone: 'cut'},
      geometry: {type: 'LineString', coordinates: [...outline, outline[0]!]}};
    showOverlay(map, 'beside', [...carried(document, 'beside'), drawn]);
  };
  return field;
}
