import {defineConfig} from 'vite';

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  worker: {format: 'es'},
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    modulePreload: {polyfill: false},
    rollupOptions: {input: {base: 'src/entries/base.ts', map: 'src/entries/desk-map.ts'}},
  },
});
