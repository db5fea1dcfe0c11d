// Standard output and standard error of the process. A failed write becomes a message and an exit status, never a stack trace.
// Node.js itself ignores it in console.log, aborts elsewhere, and treats a partial write as complete.
import { fstatSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { systemCure } from '../errors'

/** The exit status "could not run". */
const failedStatus = 3

/**
 * Call it once, before anything is written. If standard output loses text, the process ends with status 3 and a message. A
 * reader that closes the pipe (`| head -1`) is not an error. Lost log lines do not end the process.
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
      // The error is not passed on, because a failed stream accepts no more, and there may be room again for the next line.
      lose(error as NodeJS.ErrnoException)
    }
    done()
  }
}

/** A file or a device: Node.js does not check how much of a write succeeded. It does so for pipes and terminals. */
function isFile(fd: number): boolean {
  const stats = fstatSync(fd)
  return stats.isFile() || (stats.isCharacterDevice() && !isatty(fd))
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written)
}

function messageOf(error: NodeJS.ErrnoException): string {
  const cure = systemCure(error) ?? 'check the file or device it goes to, or redirect it elsewhere'
  return `standard output could not be written (${error.message}), and what was printed is incomplete: ${cure}`
}
