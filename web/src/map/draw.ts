/** Drawing one line, and excavations beside it: they are written into the form, and its line is written back onto the map. */
import type {Map as GlMap} from 'maplibre-gl';
import {TerraDraw, TerraDrawLineStringMode, TerraDrawPolygonMode, TerraDrawSelectMode} from 'terra-draw';
import {TerraDrawMapLibreGLAdapter} from 'terra-draw-maplibre-gl-adapter';
import {type Plane, toLngLat, toPlane} from './city-grid';
import {type Drawn, isSame, LineHistory, type Position} from './line-history';
import {nearestVertex} from './snap';

export type Tool = 'draw' | 'edit' | 'hole' | 'pick';

/** terra-draw refuses more than nine decimals; they are a tenth of a millimetre. */
const NINE = 1e9;

function rounded([lng, lat]: readonly number[]): Position {
  return [Math.round(lng! * NINE) / NINE, Math.round(lat! * NINE) / NINE];
}

export class LineDrawing {
  readonly #draw: TerraDraw;
  readonly #pen: TerraDrawLineStringMode;
  readonly #spade: TerraDrawPolygonMode;
  readonly #history = new LineHistory();
  #showing = false;
  #isDigging = false;
  /** Called with the line, east and north, whenever the reader changes it. */
  onChange: (line: Plane[]) => void = () => undefined;

  /** Called with the corners of an excavation, east and north, as soon as it is closed. */
  onHole: (outline: Plane[]) => void = () => undefined;

  /** Called with the excavations as the form writes them, when a step back or forth changes them. */
  onHoles: (text: string) => void = () => undefined;

  /** Called when the line as it stands asks for another tool: one that is complete is changed, none is drawn. */
  onTool: (tool: Tool) => void = () => undefined;

  constructor(map: GlMap) {
    const snapping = {toLine: false, toCoordinate: false, toCustom: (event: {lng: number; lat: number}) => {
      const near = nearestVertex(map, event);
      return near && rounded(near);
    }};
    const colours = {lineStringColor: '#ffbf00' as const, lineStringWidth: 4 as const};
    this.#pen = new TerraDrawLineStringMode({snapping, styles: {...colours}, showCoordinatePoints: true});
    // Left to itself a click within 40 px of the first corner closes: that is the next corner of a small hole.
    this.#spade = new TerraDrawPolygonMode({showCoordinatePoints: true, pointerDistance: 8,
      styles: {fillColor: '#ffbf00', fillOpacity: 0.25, outlineColor: '#16202b', outlineWidth: 4}});
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({map, coordinatePrecision: 9}),
      modes: [
        this.#pen,
        this.#spade,
        new TerraDrawSelectMode({flags: {linestring: {feature: {
          draggable: true, coordinates: {midpoints: true, draggable: true, deletable: true, snappable: snapping},
        }}}}),
      ],
    });
    this.#draw.start();
    // What the page itself puts on the map is no stroke of the reader: written back, it would undo what is typed meanwhile.
    this.#draw.on('change', (_ids, type) => {
      if (type !== 'styling' && !this.#showing && !this.#isDigging) this.#tell();
    });
    this.#draw.on('finish', (id, context) => {
      if (context.mode === 'polygon') { this.#dug(id); return; }
      const line = (this.#line()?.geometry.coordinates ?? []) as Position[];
      if (context.action !== 'draw') { this.#history.keep(line); return; }
      this.#history.keepDrawn(line);
      this.onTool('edit');
    });
  }

  /** Draw anew, change what is drawn, or leave the pointer to the map. */
  use(tool: Tool): void {
    if (tool === 'hole') {
      this.#isDigging = true;
      this.#draw.setMode('polygon');
      return;
    }
    if (this.#isDigging) {
      // Corners of an excavation that was not closed go with the tool.
      this.#draw.setMode('static');
      this.#isDigging = false;
    }
    if (tool === 'draw') {
      this.#draw.clear();
      this.#draw.setMode('linestring');
    } else if (tool === 'edit') {
      this.#draw.setMode('select');
      const line = this.#line();
      if (line) this.#draw.selectFeature(line.id!);
    } else {
      this.#draw.setMode('static');
    }
  }

  /** What the page came with: taking back ends there. */
  begin(line: Plane[], holes: string): void {
    this.#history.begin({line: line.map(place => rounded(toLngLat(place))), holes});
  }

  /** Remember excavations that were typed. */
  keepHoles(text: string): void {
    this.#history.keepHoles(text);
  }

  /** Put a typed line on the map; what is already there stays when it is the same. A line being drawn gives way. */
  show(line: Plane[]): void {
    const wanted = line.map(place => rounded(toLngLat(place)));
    const here = this.#line()?.geometry.coordinates as Position[] | undefined;
    const same = here?.length === wanted.length
      && here.every((place, at) => Math.hypot(place[0] - wanted[at]![0], place[1] - wanted[at]![1]) < 2e-8);
    const isDrawing = this.#draw.getMode() === 'linestring';
    if (same && !isDrawing) return;
    this.#history.keep(wanted);
    this.#put(wanted, isDrawing);
  }

  clear(): void {
    this.#draw.clear();
    this.#history.keep([]);
    this.onChange([]);
  }

  /** Take the last point or corner back while drawing, else the last change of line or excavations. */
  undo(): void {
    if (this.#isDigging && this.#spade.undoSize() > 0) { this.#spade.undo(); return; }
    if (this.#draw.getMode() === 'linestring') {
      if (this.#pen.undoSize() > 0) {
        this.#pen.undo();
        this.#tell(true);
        return;
      }
      // Nothing drawn yet: the line that gave way to the new one comes back first.
      if (this.#history.now.line.length > 0) { this.#bring(this.#history.now); return; }
    }
    this.#step(-1);
  }

  /** Do again what was taken back. */
  redo(): void {
    if (this.#isDigging && this.#spade.redoSize() > 0) { this.#spade.redo(); return; }
    if (this.#draw.getMode() === 'linestring' && this.#pen.redoSize() > 0) {
      this.#pen.redo();
      this.#tell();
      return;
    }
    if (this.#pen.undoSize() === 0) this.#step(1);
  }

  #step(by: -1 | 1): void {
    const {line, holes} = this.#history.now;
    const wanted = this.#history.step(by);
    if (!wanted) return;
    if (wanted.holes !== holes) this.onHoles(wanted.holes);
    if (!isSame(wanted.line, line)) this.#bring(wanted);
  }

  /** An excavation that was closed is text of the form from now on. */
  #dug(id: string | number): void {
    const ring = (this.#draw.getSnapshotFeature(id)?.geometry as GeoJSON.Polygon).coordinates[0]!;
    this.#draw.removeFeatures([id]);
    this.onHole(ring.slice(0, -1).map(place => toPlane({lng: place[0]!, lat: place[1]!})));
  }

  /** Show a remembered line and take up the tool it asks for. */
  #bring({line}: Drawn): void {
    this.#isDigging = false;
    this.#put(line, true);
    this.onTool(line.length > 1 ? 'edit' : 'draw');
    this.#tell(true);
  }

  #put(line: Position[], leave: boolean): void {
    this.#showing = true;
    this.#draw.clear();
    if (leave) this.#draw.setMode('static');
    if (line.length > 1) this.#draw.addFeatures([{type: 'Feature', properties: {mode: 'linestring'},
      geometry: {type: 'LineString', coordinates: line}}]);
    this.#showing = false;
  }

  #line(): GeoJSON.Feature<GeoJSON.LineString> | undefined {
    return this.#draw.getSnapshot().find(
      each => each.geometry.type === 'LineString' && each.properties['mode'] === 'linestring',
    ) as GeoJSON.Feature<GeoJSON.LineString> | undefined;
  }

  #tell(evenNone = false): void {
    const line = this.#line();
    if (!line) {
      if (evenNone) this.onChange([]);
      return;
    }
    const places = line.geometry.coordinates.map(place => toPlane({lng: place[0]!, lat: place[1]!}));
    // While a line is being drawn its last point follows the pointer; a repeated point is no point.
    this.onChange(places.filter((place, at) => at === 0
      || Math.hypot(place[0] - places[at - 1]![0], place[1] - places[at - 1]![1]) > 0.01));
  }
}
