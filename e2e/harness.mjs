// What a journey is written with; README.md shows one. Each file beneath
// harness/ says what its part is for.
export * from './harness/server.mjs'
export * from './harness/browser.mjs'
export * from './harness/accessibility.mjs'
export * from './harness/words.mjs'
export * from './harness/look.mjs'
export * from './harness/routes.mjs'
export * from './harness/weight.mjs'
export * from './harness/paint.mjs'
export * from './harness/picture.mjs'
export * from './harness/stranger.mjs'
export * from './harness/until.mjs'
