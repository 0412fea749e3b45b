/** The layer list: switches by group, hidden-by-scale said in the label, state in the address. */
import type {Map as GlMap} from 'maplibre-gl';
import {inAddress, setInAddress} from './address';

/** Group of a style layer, as the style says it. */
function groupOf(map: GlMap, id: string): string | undefined {
  return (map.getLayer(id)?.metadata as Record<string, string> | undefined)?.['xz:group'];
}

/** Show or hide every layer of a group. */
export function showGroup(map: GlMap, group: string, visible: boolean): void {
  for (const id of map.getLayersOrder()) {
    if (groupOf(map, id) === group) map.setLayoutProperty(id, 'visibility', visible ? 'visible' : 'none');
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
    showGroup(map, group, box.checked);
  }
  panel.addEventListener('change', event => {
    const box = event.target as HTMLInputElement;
    const group = box.dataset['group'];
    if (group) showGroup(map, group, box.checked);
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
