// followme on versions of Node.js that it does not support. The installation on those that it does: tests/packaging/package.
import { refusal, refused } from './trials'

test.each([refused[0]!, refused.at(-1)!])(
  'on Node.js %s followme does not start, and says what to install',
  async (line) => {
    await refusal(line)
  }
)
