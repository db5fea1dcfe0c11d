// Standard output and standard error of the process: what cannot be written is an error that the exit status tells, and
// never a stack. Node.js itself keeps quiet about it in console.log, aborts elsewhere, and takes half a write for a whole one.
import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { systemCure } from '../errors'

/** Could not run. */
const failedStatus = 3

/**
 * To be called once, before anything is written. Where standard output has lost something, the process ends with status 3
 * and a message; a reader who has gone (`| head -1`) has had enough, which is no error. Lost log lines end nothing.
 */
export function guardOutput(): void {
  let lost: NodeJS.ErrnoException | undefined
  guard(process.stdout, 1, (error) => (lost ??= error))
  guard(process.stderr, 2, () => undefined)
  process.on('exit', () => {
    if (lost === undefined) return
    process.exitCode = failedStatus
    process.stderr.write(`followme: ${messageOf(lost)}\n`)
  })
}

function guard(stream: NodeJS.WriteStream, fd: number, lose: (error: NodeJS.ErrnoException) => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lose(error)
  })
  if (!isFile(fd)) return
  stream._write = (chunk: Buffer, _encoding, done) => {
    try {
      writeWhole(fd, chunk)
    } catch (error) {
      // Not passed on: a stream that has failed takes nothing more, and there may be room again for the next line.
      lose(error as NodeJS.ErrnoException)
    }
    done()
  }
}

/** A file or a device, to which Node.js writes without looking how much was taken. Pipes and terminals it does right. */
function isFile(fd: number): boolean {
  const stats = fstatSync(fd)
  return stats.isFile() || (stats.isCharacterDevice() && !isatty(fd))
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
}

function messageOf(error: NodeJS.ErrnoException): string {
  const cure = systemCure(error) ?? 'look at where it goes, or send it elsewhere'
  return `standard output could not be written (${error.message}), and what was printed is incomplete: ${cure}`
}
