// Opening a database in a script for `node -e`, which knows nothing of the project.
import { driver } from '../../../src/store/database/driver'

const { library, options } = driver()

/** An expression: a function of the file, and of the library's options. */
export const openInScript = `((file, options) =>
  new (require(${JSON.stringify(library)}))(file, { ...${JSON.stringify(options)}, ...options }))`
