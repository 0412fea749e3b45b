/** The map as an element: attributes in, events out, light DOM. */
import {Map as GlMap, NavigationControl, setWorkerUrl} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import {keepView, viewInAddress} from '../map/address';
import {toLngLat, useGrid} from '../map/city-grid';
import {type MapConfig, readConfig} from '../map/config';

setWorkerUrl(workerUrl);

const FONTS = '"Noto Sans CJK SC","Source Han Sans SC","HarmonyOS Sans SC","Microsoft YaHei",sans-serif';

export class XzMap extends HTMLElement {
  map?: GlMap;
  config!: MapConfig;
  #box?: HTMLDivElement;

  async connectedCallback(): Promise<void> {
    if (this.#box) return;
    this.config = readConfig(this.getAttribute('config') ?? 'xz-map-config');
    this.#box = document.createElement('div');
    this.#box.className = 'xz-map-box';
    this.append(this.#box);
    await useGrid(this.config.grid);
    if (!this.isConnected) return;
    this.#open(this.#box);
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.map?.remove();
      delete this.map;
      this.#box?.remove();
      this.#box = undefined as never;
    });
  }

  #open(box: HTMLDivElement): void {
    const {view, words, style} = this.config;
    const asked = viewInAddress() ?? {center: toLngLat([view.east_m, view.north_m]), zoom: view.zoom};
    try {
      this.map = new GlMap({
        container: box, style, ...asked, minZoom: 0, maxZoom: 15, maxPitch: 0, dragRotate: false,
        attributionControl: false, localIdeographFontFamily: FONTS, locale: words, fadeDuration: 0,
        transformRequest: url => ({url: url.startsWith('/') ? location.origin + url : url}),
      });
    } catch {
      this.#withoutGraphics();
      return;
    }
    const map = this.map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new NavigationControl({showCompass: false}), 'top-right');
    const canvas = map.getCanvas();
    canvas.setAttribute('aria-label', this.getAttribute('label') ?? '');
    canvas.setAttribute('role', 'application');
    const busy = (): void => { this.dataset['state'] = 'busy'; };
    map.on('idle', () => { this.dataset['state'] = 'idle'; });
    map.on('movestart', busy);
    map.on('dataloading', busy);
    map.on('error', event => { this.dataset['error'] = String(event.error?.message ?? event.error); });
    keepView(map);
    // The plan below the map is for readers without one.
    map.once('load', () => this.querySelector('#plan')?.setAttribute('hidden', ''));
    map.once('load', () => this.dispatchEvent(new CustomEvent('xz:ready', {bubbles: true})));
  }

  #withoutGraphics(): void {
    this.dataset['state'] = 'no-webgl';
    this.#box?.remove();
    this.querySelector<HTMLElement>('[data-no-webgl]')?.removeAttribute('hidden');
    this.dispatchEvent(new CustomEvent('xz:no-webgl', {bubbles: true}));
  }
}

customElements.define('xz-map', XzMap);
