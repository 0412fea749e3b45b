import {defineConfig} from 'vite';

export default defineConfig({
  base: '/static/dist/',
  publicDir: false,
  // .mjs: the map's workers import such a script as it is; anything else they would eval, which the policy forbids
  worker: {format: 'es', rollupOptions: {output: {entryFileNames: 'assets/[name]-[hash].mjs'}}},
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    modulePreload: {polyfill: false},
    rollupOptions: {input: {base: 'src/entries/base.ts', map: 'src/entries/desk-map.ts', intake: 'src/entries/intake.ts',
      intakeMap: 'src/entries/intake-map.ts', passkeys: 'src/entries/passkeys.ts'}},
  },
});
