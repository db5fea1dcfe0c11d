// Whether followme supports this Node.js. Old versions load this file first: use only JavaScript of 2018, and import nothing.

/**
 * The message if this Node.js is not supported; undefined if it is.
 * `engines` is that of package.json: the first release of each line that is supported, `^20.19.0 || ^24.0.0`.
 */
export function unsupportedNodeMessage(version: string, engines: string): string | undefined {
  const lines = engines.split(' || ').map((range) => numbersOf(range.slice(1)))
  const [major, minor] = numbersOf(version)
  if (lines.some(([line, least]) => line === major && least <= minor)) return undefined
  const supported = lines.map(([line, least]) => (least === 0 ? String(line) : `${line}.${least} or later`))
  const last = supported.pop()
  return `Node.js ${version} is not supported: followme runs on Node.js ${supported.join(', ')} and ${String(last)}; install Node.js 24, then start followme again`
}

function numbersOf(version: string): [major: number, minor: number] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return [major, minor]
}
