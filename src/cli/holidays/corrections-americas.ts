// Corrections of date-holidays in North and Central America, but for the states of the USA. Each with its law; `source` is what we read.
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
    places: ['CA'],
    notIn: ['CA-ON'],
    law: 'Canada Labour Code, s. 193: a holiday at the weekend gives another day, by custom the Monday',
    source: vacanza('canada'),
    add: {
      'substitutes 01-01 if saturday,sunday then next monday': { en: "New Year's Day", fr: "Jour de l'An" },
      'substitutes 07-01 if saturday,sunday then next monday': { en: 'Canada Day', fr: 'Fête du Canada' },
      'substitutes 12-25 if saturday,sunday then next monday': { en: 'Christmas Day', fr: 'Jour de Noël' }
    }
  },
  {
    places: ['CA-ON'],
    law: 'Employment Standards Act (ON), Part X: a holiday at the weekend gives another day, by custom the next working day',
    source: vacanza('canada'),
    add: {
      'substitutes 01-01 if saturday,sunday then next monday': "New Year's Day",
      'substitutes 07-01 if saturday,sunday then next monday': 'Canada Day',
      'substitutes 12-25 if saturday then next monday if sunday then next tuesday': 'Christmas Day',
      'substitutes 12-26 if saturday then next monday if sunday then next tuesday': 'Boxing Day'
    }
  },
  {
    places: ['CA-NT'],
    law: 'Employment Standards Act (NT), s. 1: Boxing Day is no statutory holiday',
    source: vacanza('canada'),
    remove: ['12-26']
  },
  {
    places: ['CA-PE'],
    law: 'Employment Standards Act (PE), s. 7: Gold Cup Parade Day is no statutory holiday',
    source: vacanza('canada'),
    remove: ['3rd friday after 08-01']
  },
  {
    places: ['MX'],
    law: 'Ley Federal del Trabajo, art. 74, IX: the day of ordinary federal elections, the first Sunday of June',
    source: 'the two laws themselves (LFT, art. 74; LGIPE, art. 22)',
    add: { '1st sunday in June every 3 years since 2021': { en: 'Election Day', es: 'Jornada electoral' } }
  },
  {
    places: ['HN'],
    law: 'Decreto 78-2015: the holidays of October are taken from the first Wednesday to the Saturday',
    source: vacanza('honduras'),
    remove: ['10-03', '10-12', '10-21'],
    add: { '1st Wednesday in October P4D': { en: 'Morazán Week', es: 'Semana Morazánica' } }
  },
  {
    places: ['PR'],
    law: 'Ley 111-2014: the birthdays of the founders are kept together on the third Monday of February',
    source: vacanza('united_states'),
    remove: ['2nd Monday in January', '02-18', '04-16', '3rd Monday in July', '07-27'],
    add: { 'easter -2': { en: 'Good Friday', es: 'Viernes Santo' } }
  },
  {
    places: ['PR'],
    law: 'Código Político, art. 387: on a Sunday the Monday after',
    source: vacanza('united_states'),
    add: {
      'substitutes 03-22 if sunday then next monday': {
        en: 'Emancipation Day',
        es: 'Día de la Abolición de la Esclavitud'
      },
      'substitutes 07-25 if sunday then next monday': { en: 'Constitution Day', es: 'Día de la Constitución' }
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
    places: ['AG'],
    law: 'Public Holidays (Amendment) Acts of 2005 and 2019: Carnival is the first Monday of August and the Tuesday; V.C. Bird Day at the weekend gives the Monday',
    source: vacanza('antigua_and_barbuda'),
    remove: ['08-01', '08-02'],
    add: { '1st monday in August': 'Carnival Monday', 'tuesday after 1st monday in August': 'Carnival Tuesday' },
    substitute: { since: 2020, weekdays: satSun, weekend: satSun, only: ['12-09'] }
  },
  {
    places: ['AG'],
    law: 'National Day of Prayer, set for 2026 by the Labour Commissioner',
    source: "the Labour Commissioner's public holidays for 2026",
    add: { '2026-09-17': 'National Day of Prayer' }
  },
  {
    places: ['GD'],
    law: "Bank Holidays (Amendment) Act of 2025: Emancipation Day is 1 August; National Heroes' Day; a holiday on a Sunday gives the Monday",
    source: vacanza('grenada'),
    remove: ['1st monday in August'],
    add: { '08-01 since 2025': 'Emancipation Day', '10-19 since 2023': "National Heroes' Day" },
    substitute: {
      since: 2025,
      weekdays: [0],
      weekend: satSun,
      only: ['01-01', '02-07', '05-01', '08-01 since 2025', '10-19 since 2023', '10-25']
    }
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
    places: ['BM'],
    law: 'Public Holidays Act 1947: the Friday before the last Monday of May',
    source: vacanza('bermuda'),
    move: { 'friday before 06-01': { '2026-05-29': '2026-05-22' } }
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
  }
]
