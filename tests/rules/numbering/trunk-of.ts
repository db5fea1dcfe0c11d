// What a country dials before its national numbers, from Google's metadata.
import { PhoneNumberUtil, type RegionCode } from 'google-libphonenumber'

const metadata = PhoneNumberUtil.getInstance() as unknown as {
  getMetadataForRegion(country: string): { getNationalPrefix(): string | null }
}

/** Empty where there is none, and in North America, where it is the country code. */
export function trunkOf(country: RegionCode): string {
  const prefix = metadata.getMetadataForRegion(country).getNationalPrefix() ?? ''
  return prefix === '1' ? '' : prefix
}
