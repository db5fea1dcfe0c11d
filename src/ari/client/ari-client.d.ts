// The part of ari-client 2.x that followme uses. Members with an underscore are private to ari-client; each use explains why it
// is needed.
declare module 'ari-client' {
  import type { EventEmitter } from 'node:events'

  /** One operation of the API, as Asterisk describes it. */
  interface Operation {
    readonly parameters: readonly { readonly name: string }[]
  }

  interface Api {
    readonly operations: Readonly<Record<string, Operation>>
  }

  /** The event socket, of ws. */
  interface Socket extends EventEmitter {
    ping(data?: string): void
    terminate(): void
  }

  interface Client extends EventEmitter {
    readonly _swagger: { readonly apis: Readonly<Record<string, Api>> }
    readonly _ws: Socket
    _wsClosed?: boolean
    start(application: string): Promise<void>
  }

  export function connect(url: string, user: string, password: string): Promise<Client>
  export type { Client, Operation, Socket }
}
