// Has every test decide by the zone data by which the program decides: the newest of the machine.
import { useZoneData } from '../../src/rules/schedule/time-zones'
import type * as zoneData from '../../src/system/zone-data'

// Read where a test asks about a zone, and not before.
useZoneData(() => jest.requireActual<typeof zoneData>('../../src/system/zone-data').readZoneData())
