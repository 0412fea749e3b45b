/** The layer list: switches by group, hidden-by-scale said in the label, state in the address. */
import type {Map as GlMap} from 'maplibre-gl';
import {inAddress, setInAddress} from './address';

/** Show exactly the layers all of whose groups are on; layers of the page's own have none. */
function showGroups(map: GlMap, on: Set<string>): void {
  for (const id of map.getLayersOrder()) {
    const groups = (map.getLayer(id)?.metadata as Record<string, string[]> | undefined)?.['xz:groups'];
    if (groups) map.setLayoutProperty(id, 'visibility', groups.every(group => on.has(group)) ? 'visible' : 'none');
  }
}

function boxes(panel: HTMLElement): HTMLInputElement[] {
  return [...panel.querySelectorAll<HTMLInputElement>('input[data-group]')];
}

/** Wire the check boxes of ``panel``; what differs from the first state is kept in the address. */
export function wireLegend(map: GlMap, panel: HTMLElement, detailZoom: number): void {
  const on = new Set(inAddress('on')?.split(',') ?? []);
  const off = new Set(inAddress('off')?.split(',') ?? []);
  for (const box of boxes(panel)) {
    const group = box.dataset['group']!;
    if (on.has(group)) box.checked = true;
    if (off.has(group)) box.checked = false;
  }
  const show = (): void => {
    showGroups(map, new Set(boxes(panel).filter(box => box.checked).map(box => box.dataset['group']!)));
  };
  show();
  panel.addEventListener('change', () => {
    show();
    const changed = (checked: boolean): string => boxes(panel)
      .filter(each => each.checked === checked && each.defaultChecked !== checked)
      .map(each => each.dataset['group']).join(',');
    setInAddress({on: changed(true), off: changed(false)});
  });
  const byScale = (): void => {
    const zoom = map.getZoom();
    for (const note of panel.querySelectorAll<HTMLElement>('[data-from-zoom]')) {
      note.hidden = zoom >= Number(note.dataset['fromZoom']);
    }
    for (const note of panel.querySelectorAll<HTMLElement>('[data-generalised]')) {
      note.hidden = zoom >= detailZoom && !generalised(map);
    }
  };
  map.on('zoom', byScale);
  map.on('idle', byScale);
  byScale();
}

/** Whether a tile in view says that something was left out of it. */
function generalised(map: GlMap): boolean {
  return map.querySourceFeatures('city', {sourceLayer: 'about'}).some(tile => tile.properties['scale'] !== 'detail');
}
