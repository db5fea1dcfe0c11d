// Corrections of date-holidays in the regions of Spain. Each with its law; `source` is what we read.
import { type Correction, vacanza } from './correction'

export const spain: readonly Correction[] = [
  {
    places: ['ES-MD'],
    law: 'San José in place of 15 August on a Sunday, as in 2021: compare with the calendar of the Comunidad',
    source: vacanza('spain'),
    add: { '2027-03-19': { en: 'St. Joseph', es: 'San José' } }
  },
  {
    places: ['ES-CB'],
    law: 'Día de las Instituciones is 28 July (Ley 8/1993 de Cantabria)',
    source: vacanza('spain'),
    remove: ['06-28'],
    add: { '07-28': { en: 'Day of the Institutions of Cantabria', es: 'Día de las Instituciones de Cantabria' } }
  },
  {
    places: ['ES-AN', 'ES-AR', 'ES-AS', 'ES-CL', 'ES-EX'],
    law: 'Resolución de 15 de octubre de 2024 (BOE): the Monday after 12 October',
    source: vacanza('spain'),
    add: { '2025-10-13': { en: 'Day after the National Day', es: 'Lunes siguiente a la Fiesta Nacional' } }
  },
  {
    places: ['ES-CM'],
    law: 'list of holidays for 2026 (BOE-A-2025-21667)',
    source: vacanza('spain'),
    add: { '2026-04-06': { en: 'Easter Monday', es: 'Lunes de Pascua' } }
  },
  {
    places: ['ES-GA'],
    law: 'list of holidays for 2026 (BOE-A-2025-21667)',
    source: vacanza('spain'),
    add: { '2026-06-24': { en: 'Saint John', es: 'San Juan' } }
  },
  {
    places: ['ES-CE'],
    law: 'the list of holidays has the Feast of the Sacrifice itself (BOE-A-2025-21667)',
    source: vacanza('spain'),
    remove: ['9 Dhu al-Hijjah'],
    add: { '10 Dhu al-Hijjah': { en: 'Feast of the Sacrifice', es: 'Fiesta del Sacrificio (Eidul Adha)' } }
  },
  {
    places: ['ES-CT'],
    law: 'Real Decreto 2001/1983, art. 45: only a holiday on a Sunday may be moved to the Monday',
    source: vacanza('spain'),
    remove: ['substitutes 05-01 if Saturday, Sunday then next Monday']
  },
  {
    places: ['ES-MC'],
    law: 'Día de la Región de Murcia (Estatuto de Autonomía)',
    source: vacanza('spain'),
    add: { '06-09': { en: 'Day of the Region of Murcia', es: 'Día de la Región de Murcia' } }
  },
  {
    places: ['ES-VC'],
    law: 'Día de la Comunitat Valenciana (Ley 8/1984)',
    source: vacanza('spain'),
    add: { '10-09': { en: 'Day of the Valencian Community', es: 'Día de la Comunitat Valenciana' } }
  },
  {
    places: ['ES-NC'],
    law: 'San Francisco Javier, Día de Navarra',
    source: vacanza('spain'),
    add: { '12-03': { en: 'Saint Francis Xavier', es: 'San Francisco Javier' } }
  }
]
