// Corrections of date-holidays in the Americas. Each with its law; `source` is what we read.
import { type Correction, satSun, vacanza } from './correction'

const truth = {
  en: 'National Day for Truth and Reconciliation',
  fr: 'Journée nationale de la vérité et de la réconciliation'
}

export const americas: readonly Correction[] = [
  {
    places: ['CA-BC'],
    law: 'Employment Standards Act (BC), s. 1, since 2023',
    source: vacanza('canada'),
    add: { '09-30 since 2023': truth }
  },
  {
    places: ['CA-MB'],
    law: 'Employment Standards Code (MB), Orange Shirt Day, since 2024',
    source: vacanza('canada'),
    add: { '09-30 since 2024': truth }
  },
  {
    places: ['CA-NT', 'CA-PE', 'CA-YT', 'CA-NU'],
    law: 'a statutory holiday of the province or territory since 2022 (YT: 2023)',
    source: vacanza('canada'),
    add: { '09-30 since 2022': truth }
  },
  {
    places: ['CA-NU'],
    law: 'Labour Standards Act (NU), Nunavut Day, since 2020',
    source: vacanza('canada'),
    add: { '07-09 since 2020': 'Nunavut Day' }
  },
  {
    places: ['CA-ON', 'CA-NT', 'CA-YT'],
    law: 'Easter Monday is no statutory holiday there',
    source: vacanza('canada'),
    remove: ['easter 1']
  },
  {
    places: ['BR-AM', 'BR-MT', 'BR-RJ', 'BR-SP', 'BR-AL'],
    law: 'Lei 14.759/2023, in the whole country since 2024',
    source: vacanza('brazil'),
    add: { '11-20 since 2024': { en: 'Black Awareness Day', pt: 'Dia Nacional de Zumbi e da Consciência Negra' } }
  },
  {
    places: ['BR-PE'],
    law: 'Lei estadual 16.059/2017: 6 March',
    source: vacanza('brazil'),
    remove: ['1st sunday in March'],
    add: { '03-06 since 2018': { en: 'Pernambuco Revolution', pt: 'Revolução Pernambucana de 1817' } }
  },
  {
    places: ['CL'],
    law: 'Ley 2.977, art. 1: Holy Saturday',
    source: vacanza('chile'),
    add: { 'easter -1': { en: 'Holy Saturday', es: 'Sábado Santo' } }
  },
  {
    places: ['AR'],
    law: 'bridge day for tourism in 2026 (Ley 27.399, art. 7)',
    source: vacanza('argentina'),
    add: {
      '2026-03-23': { en: 'Bridge day', es: 'Día no laborable con fines turísticos' },
      '2026-07-10': { en: 'Bridge day', es: 'Día no laborable con fines turísticos' },
      '2026-12-07': { en: 'Bridge day', es: 'Día no laborable con fines turísticos' }
    }
  },
  {
    places: ['CR'],
    law: 'Ley 9803: 12 October is no longer a holiday; 1 December is',
    source: vacanza('costa_rica'),
    remove: ['10-12 if monday then previous friday']
  },
  {
    places: ['GT'],
    law: 'Decreto 19-2018: on a Tuesday or Wednesday it moves to the Monday before, from Thursday on to the Monday after',
    source: vacanza('guatemala'),
    remove: ['06-30 if tuesday then previous monday if wednesday,thursday then next friday'],
    add: {
      '06-30 if tuesday,wednesday then previous monday if thursday,friday,saturday,sunday then next monday': {
        en: 'Army Day',
        es: 'Día del Ejército'
      }
    }
  },
  {
    places: ['DO'],
    law: 'Ley 139-97: Tuesday and Wednesday move to the Monday before, Thursday and Friday to the Monday after, no other',
    source: vacanza('dominican_republic'),
    remove: ['11-06 if tuesday,wednesday,thursday,friday,saturday then next monday'],
    add: {
      '11-06 if tuesday,wednesday then previous monday if thursday,friday then next monday': {
        en: 'Constitution Day',
        es: 'Día de la Constitución'
      }
    }
  },
  {
    places: ['SV'],
    law: 'Código de Trabajo, art. 190',
    source: vacanza('el_salvador'),
    add: {
      '01-01': { en: "New Year's Day", es: 'Año Nuevo' },
      '05-10': { en: "Mother's Day", es: 'Día de la Madre' },
      '06-17': { en: "Father's Day", es: 'Día del Padre' }
    }
  },
  {
    places: ['CU'],
    law: 'Código de Trabajo (Ley 116), art. 94: 31 December; 10 October on a Sunday moves to the Monday',
    source: vacanza('cuba'),
    add: {
      '12-31': { en: "New Year's Eve", es: 'Fiesta de Fin de Año' },
      'substitutes 10-10 if sunday then next monday': {
        en: 'Independence Day',
        es: 'Inicio de las Guerras de Independencia'
      }
    }
  },
  {
    places: ['EC'],
    law: 'Ley Orgánica Reformatoria of 2016: holidays are moved to a Monday or Friday beside the weekend',
    source: vacanza('ecuador'),
    remove: ['09-10'],
    add: {
      '10-09': { en: 'Independence of Guayaquil', es: 'Independencia de Guayaquil' },
      '2026-05-25': { en: 'Battle of Pichincha (moved)', es: 'Batalla de Pichincha' },
      '2027-04-30': { en: 'Labour Day (moved)', es: 'Día del Trabajo' },
      '2027-08-09': { en: 'Independence of Quito (moved)', es: 'Primer Grito de Independencia' },
      '2027-10-08': { en: 'Independence of Guayaquil (moved)', es: 'Independencia de Guayaquil' },
      '2027-11-01': { en: "All Souls' Day (moved)", es: 'Día de Difuntos' },
      '2027-12-24': { en: 'Christmas (moved)', es: 'Navidad' },
      '2027-12-31': { en: "New Year's Day (moved)", es: 'Año Nuevo' }
    }
  },
  {
    places: ['KY'],
    law: 'Public Holidays Act: Constitution Day is the first Monday of July; Emancipation and Remembrance Day since 2024',
    source: vacanza('cayman_islands'),
    remove: ['07-02'],
    add: {
      '1st Monday in May since 2024': 'Emancipation Day',
      '1st Monday in July': 'Constitution Day',
      '2nd Monday in November since 2024': 'Remembrance Day',
      '2027-06-21': "King's Birthday"
    }
  },
  {
    places: ['KY'],
    law: 'Public Holidays Act: at the weekend, the next working day',
    source: vacanza('cayman_islands'),
    substitute: { since: 2024, weekdays: satSun, weekend: satSun, only: ['12-25', '12-26'] }
  },
  {
    places: ['GY'],
    law: 'Public Holidays Act: Phagwah and Deepavali by the Hindu calendar',
    source: vacanza('guyana'),
    add: {
      '2026-03-03': 'Phagwah',
      '2026-11-08': 'Deepavali',
      '2026-11-09': 'Deepavali (substitute day)',
      '2027-03-22': 'Phagwah',
      '2027-10-29': 'Deepavali'
    }
  },
  {
    places: ['GY'],
    law: 'Public Holidays Act: on a Sunday, the next working day',
    source: vacanza('guyana'),
    substitute: { since: 2024, weekdays: [0], weekend: [0], only: ['08-01'] }
  },
  {
    places: ['GY'],
    law: 'declared in place of Christmas at the weekend',
    source: vacanza('guyana'),
    substitute: { since: 2024, weekdays: satSun, weekend: satSun, only: ['12-25', '12-26'] }
  },
  {
    places: ['BS'],
    law: 'Public Holidays Act: National Heroes Day is the second Monday of October',
    source: vacanza('bahamas'),
    remove: ['10-12 and if saturday,sunday then next monday'],
    add: { '2nd Monday in October': 'National Heroes Day' }
  },
  {
    places: ['AG', 'DM'],
    law: 'Labour Day is the first Monday of May',
    source: `${vacanza('antigua_and_barbuda')}; dominica.py`,
    remove: ['05-01'],
    add: { '1st Monday in May': 'Labour Day' }
  },
  {
    places: ['TT'],
    law: 'Public Holidays and Festivals Act: Easter Monday',
    source: vacanza('trinidad_and_tobago'),
    add: { 'easter 1': 'Easter Monday' }
  },
  {
    places: ['BM', 'BS', 'GD', 'KN', 'LC'],
    law: 'Christmas and Boxing Day at the weekend give the next working day',
    source: `${vacanza('bermuda')}; bahamas.py, grenada.py, saint_kitts_and_nevis.py, saint_lucia.py`,
    add: { 'substitutes 12-26 if sunday then next monday': 'Boxing Day' }
  },
  {
    places: ['BM'],
    law: 'Public Holidays Act 1947: of two at the weekend, the Monday and the Tuesday',
    source: vacanza('bermuda'),
    add: { '2027-12-28': 'Boxing Day (substitute day)' }
  },
  {
    places: ['LC'],
    law: 'Public Holidays Act: Emancipation Day on a Sunday gives the Monday',
    source: vacanza('saint_lucia'),
    add: { 'substitutes 08-01 if sunday then next monday': 'Emancipation Day' }
  },
  {
    places: ['VC'],
    law: 'National Spiritual Baptist Day, since 2025',
    source: vacanza('saint_vincent_and_the_grenadines'),
    add: { '05-21 since 2025': 'National Spiritual Baptist Day' }
  },
  {
    places: ['US-UT'],
    law: 'Utah Code 63G-1-301: on a Saturday the Friday before, on a Sunday the Monday after',
    source: vacanza('united_states'),
    add: { 'substitutes 07-24 if saturday then previous friday if sunday then next monday': 'Pioneer Day' }
  },
  {
    places: ['US-WV'],
    law: 'West Virginia Code 2-2-1: on a Sunday the Monday after',
    source: vacanza('united_states'),
    add: { 'substitutes 06-20 if sunday then next monday': 'West Virginia Day' }
  }
]
