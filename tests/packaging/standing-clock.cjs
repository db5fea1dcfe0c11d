// Loaded before a program (node --require): its clock stands still at STANDING_CLOCK, milliseconds since the epoch.
const at = Number(process.env.STANDING_CLOCK)
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [at] : given))
  }
  static now() {
    return at
  }
}
