// What the library's published types leave out.
import 'google-libphonenumber'

declare module 'google-libphonenumber' {
  /** A PhoneMetadata of its phonemetadata.proto: a field at the index of its number. */
  interface Metadata {
    readonly countryToMetadata: Readonly<Record<string, readonly unknown[]>>
  }
  export const metadata: Metadata
  export const shortnumbermetadata: Metadata
}
