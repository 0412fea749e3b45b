/** What the page tells the map: grid, first view, words. Nothing here is text of our own. */
import type {Grid} from './city-grid';

export interface MapConfig {
  grid: Grid;
  style: string;
  view: {east_m: number; north_m: number; zoom: number};
  detail_zoom: number;
  words: Record<string, string>;
}

/** The JSON the page carries under ``id``. */
export function readConfig(id: string): MapConfig {
  const node = document.getElementById(id);
  if (!node) throw new Error(`the page carries no #${id}`);
  return JSON.parse(node.textContent ?? '') as MapConfig;
}
