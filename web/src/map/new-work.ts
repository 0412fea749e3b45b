/** The page of a work: tools, drawn line ↔ typed coordinates, findings ↔ map ↔ section. */
import type {XzMap} from '../elements/xz-map';
import type {Plane} from './city-grid';
import {LineDrawing, type Tool} from './draw';
import {wireHoles} from './holes';
import {addOverlay, carried, isInView, isSeen, lookAt, showOverlay} from './overlay';
import {isNearEnough} from './snap';

const WAIT_MS = 250;

/** What the map gives back of a place lies up to millimetres beside it. */
const SAME_M = 0.01;

/** Coordinates as the form shows them: X = north first. The rows of `before` of a vertex that did not move stay as they
 *  are, with its ground and, where the ground drops there, both. */
function written(line: Plane[], before: string): string {
  const rows = before.split('\n').map(row => row.trim()).filter(row => row !== '');
  const places = rows.map(row => row.split(/[\s,，;；]+/).map(Number));
  const isAt = ([east, north]: Plane, place: number[]): boolean =>
    Math.hypot(place[0]! - north, place[1]! - east) < SAME_M;
  return line.flatMap((vertex, number) => {
    const previous = line[number - 1];
    if (previous && isAt(vertex, [previous[1], previous[0]])) return [];
    const told = rows.filter((_, row) => isAt(vertex, places[row]!));
    return told.length ? told : [`${vertex[1].toFixed(3)} ${vertex[0].toFixed(3)}`];
  }).join('\n');
}

/** Wire the page once its map is ready. */
export function wireNewWork(element: XzMap): void {
  const map = element.map!;
  const field = document.querySelector<HTMLTextAreaElement>('[data-axis]')!;
  const drawing = new LineDrawing(map);
  // Above the drawn line: a stretch that fails must be seen on it.
  addOverlay(map, 'beside');
  addOverlay(map, 'findings');
  addOverlay(map, 'cut');
  const holes = wireHoles(map, drawing);
  const use = wireTools(drawing, element);
  let timer = 0;
  // Whose the line is, the field's or the map's: only what was typed goes back onto the map, until the reader
  // draws again. An answer to an earlier stroke must not undo a later one, and one that has no line yet, or is
  // of the fields typed before the line, must not keep the line off the map.
  let typed = true;
  let shown = '';
  const besideShown = new Set(carried(document, 'beside').map(each => JSON.stringify(each.geometry)));
  drawing.onChange = line => {
    typed = false;
    field.value = written(line, field.value);
    // What the map shows lies centimetres beside what is stored; the server takes the stored points.
    const snap = document.querySelector<HTMLInputElement>('[name=snap]');
    if (snap) snap.checked = true;
    clearTimeout(timer);
    timer = window.setTimeout(() => field.dispatchEvent(new Event('input', {bubbles: true})), WAIT_MS);
  };
  field.addEventListener('input', event => {
    if (!event.isTrusted) return;
    typed = true;
    shown = '';
  });
  const fromPage = (look: boolean): void => {
    const work = carried(document, 'work');
    const line = work[0]?.geometry as GeoJSON.LineString | undefined;
    if (typed && line && shown !== JSON.stringify(line.coordinates)) {
      shown = JSON.stringify(line.coordinates);
      drawing.show(line.coordinates as Plane[]);
      // A line that was typed ends the drawing of another: the next click must not begin one over it.
      if (element.dataset['tool'] === 'draw') use?.('pick');
      // A line typed elsewhere in the city is gone to; one in view leaves the map as the reader set it.
      if (!isInView(map, line.coordinates as Plane[])) lookAt(map, work);
    }
    const beside = carried(document, 'beside');
    showOverlay(map, 'beside', beside);
    // So is an excavation typed where it cannot be seen.
    const fresh = beside.filter(each => !besideShown.has(JSON.stringify(each.geometry)));
    for (const each of fresh) besideShown.add(JSON.stringify(each.geometry));
    if (fresh.length && !fresh.some(each => isSeen(map, (each.geometry as GeoJSON.LineString).coordinates as Plane[]))) {
      lookAt(map, fresh);
    }
    showOverlay(map, 'findings', carried(document, 'findings'));
    showOverlay(map, 'cut', carried(document, 'cut'));
    if (look) lookAt(map, [...work, ...beside]);
  };
  document.addEventListener('htmx:after:swap', () => fromPage(false));
  document.addEventListener('xz:answer-gone', () => fromPage(false));
  // A section that was asked for has to be seen.
  document.addEventListener('click', event => {
    if (!(event.target as Element).closest('[data-cut]')) return;
    const shown = (): void => document.getElementById('section')?.scrollIntoView({block: 'nearest'});
    document.addEventListener('htmx:after:swap', shown, {once: true});
  });
  wireKeys(drawing);
  const first = carried(document, 'work')[0]?.geometry as GeoJSON.LineString | undefined;
  drawing.begin((first?.coordinates ?? []) as Plane[], holes.value);
  fromPage(new URL(location.href).searchParams.get('e') === null);
  wireFindings(map);
}

/** Ctrl+Z and Ctrl+Y where no field is typed in: there the browser's own would empty a field typed before. */
function wireKeys(drawing: LineDrawing): void {
  document.addEventListener('keydown', event => {
    const key = event.key.toLowerCase();
    const isTyping = (event.target as Element).closest('input, textarea, select') !== null;
    if (isTyping || !(event.ctrlKey || event.metaKey) || event.altKey || !['z', 'y'].includes(key)) return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) drawing.redo();
    else drawing.undo();
  });
}

/** The buttons of the tools; what is returned takes another tool up, where the reader has tools. */
function wireTools(drawing: LineDrawing, element: XzMap): ((wanted: Tool) => void) | undefined {
  const bar = document.querySelector<HTMLElement>('.tools[role=toolbar]');
  if (!bar) {
    // Who may only look is given no tools: the pointer picks.
    element.toggleAttribute('pick', true);
    drawing.use('pick');
    return undefined;
  }
  const hint = bar.querySelector<HTMLElement>('[data-tool-hint]')!;
  const depth = bar.querySelector<HTMLElement>('[data-hole-depth]');
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>('[data-tool]')];
  const map = element.map!;
  let tool: Tool = 'pick';
  const say = (): void => {
    const far = (tool === 'draw' || tool === 'edit') && !isNearEnough(map);
    hint.textContent = hint.dataset[far ? 'hintFar' : `hint${tool[0]!.toUpperCase()}${tool.slice(1)}`] ?? '';
  };
  const use = (wanted: Tool): void => {
    tool = wanted;
    element.toggleAttribute('pick', wanted === 'pick');
    drawing.use(wanted);
    for (const button of buttons) {
      if (button.hasAttribute('aria-pressed')) button.setAttribute('aria-pressed', String(button.dataset['tool'] === wanted));
    }
    element.dataset['tool'] = wanted;
    if (depth) depth.hidden = wanted !== 'hole';
    say();
  };
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener('click', () => {
      const name = button.dataset['tool'] as Tool | 'undo' | 'redo' | 'clear';
      if (name === 'undo' || name === 'redo' || name === 'clear') drawing[name]();
      else use(name);
    });
  }
  drawing.onTool = use;
  map.on('zoomend', say);
  use(document.querySelector<HTMLTextAreaElement>('[data-axis]')!.value.trim() ? 'pick' : 'draw');
  return use;
}

/** A finding chosen in the list is shown on the map; one chosen on the map is found in the list. */
function wireFindings(map: NonNullable<XzMap['map']>): void {
  const mark = (id: string): void => {
    for (const item of document.querySelectorAll<HTMLElement>('[data-finding]')) {
      item.toggleAttribute('data-current', item.dataset['finding'] === id);
    }
  };
  document.addEventListener('click', event => {
    const wanted = (event.target as Element).closest<HTMLElement>('[data-show]')?.dataset['show'];
    if (!wanted) return;
    mark(wanted);
    // Beside a long list or on a narrow screen the map may be out of sight.
    map.getContainer().scrollIntoView({block: 'nearest'});
    lookAt(map, carried(document, 'findings').filter(each => each.properties?.['id'] === wanted), 12);
  });
  const choose = (id: string): void => {
    mark(id);
    const item = document.getElementById(`finding-${id}`);
    // The rest of a long list is folded away.
    const folded = item?.closest('details');
    if (folded) folded.open = true;
    item?.scrollIntoView({block: 'nearest'});
  };
  map.on('click', event => {
    const layers = ['findings-line', 'findings-point'];
    const id = map.queryRenderedFeatures(event.point, {layers})[0]?.properties['id'] as string | undefined;
    if (id) choose(id);
  });
  document.addEventListener('click', event => {
    const id = (event.target as Element).closest<SVGElement>('[data-bar]')?.dataset['bar'];
    if (id) choose(id);
  });
}
