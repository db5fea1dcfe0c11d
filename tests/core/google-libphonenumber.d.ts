// As much of Google's library as the tests of the gate ask.
declare module 'google-libphonenumber' {
  interface Util {
    getSupportedRegions(): string[]
    getCountryCodeForRegion(region: string): number
    getExampleNumberForType(region: string, type: number): object | null
    format(number: object, format: number): string
  }
  /** A PhoneMetadata of its phonemetadata.proto: a field at the index of its number. */
  interface Metadata {
    readonly countryToMetadata: Readonly<Record<string, readonly unknown[]>>
  }
  export const PhoneNumberUtil: { getInstance(): Util }
  export const PhoneNumberFormat: Readonly<Record<'E164' | 'NATIONAL', number>>
  export const PhoneNumberType: Readonly<Record<'FIXED_LINE' | 'MOBILE', number>>
  export const ShortNumberInfo: { getInstance(): { isEmergencyNumber(number: string, region: string): boolean } }
  export const metadata: Metadata
  export const shortnumbermetadata: Metadata
}
