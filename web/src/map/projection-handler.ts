/** Runs in the map's workers: GeoJSON is cut in the city's plane there. */
import proj4 from 'proj4';

interface MapWorker {
  setProjectionHandler(handler: (definition: string) => unknown): void;
}

(self as unknown as MapWorker).setProjectionHandler(definition => proj4('EPSG:4326', definition));
