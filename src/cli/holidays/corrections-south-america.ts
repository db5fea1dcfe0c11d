// Corrections of date-holidays in South America. Each with its law; `source` is what we read.
import { type Correction, satSun, vacanza } from './correction'

export const southAmerica: readonly Correction[] = [
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
    places: ['BR-AC'],
    law: 'Lei estadual 2.126/2009: from Tuesday to Thursday moved to the Friday',
    source: vacanza('brazil'),
    remove: ['01-12', '03-08', '09-05'],
    add: {
      '01-23 if tuesday,wednesday,thursday then next friday': { en: 'Evangelical Day', pt: 'Dia do Evangélico' },
      '03-08 if tuesday,wednesday,thursday then next friday': {
        en: "International Women's Day",
        pt: 'Dia Internacional da Mulher'
      },
      '09-05 if tuesday,wednesday,thursday then next friday': { en: 'Amazonia Day', pt: 'Dia da Amazônia' },
      '11-17 if tuesday,wednesday,thursday then next friday': {
        en: 'Treaty of Petrópolis',
        pt: 'Assinatura do Tratado de Petrópolis'
      }
    }
  },
  {
    places: ['BR-AL'],
    law: 'Lei estadual 7.530/2013',
    source: vacanza('brazil'),
    add: { '11-30 since 2013': { en: 'Evangelical Day', pt: 'Dia do Evangélico' } }
  },
  {
    places: ['BR-AP'],
    law: 'Lei estadual 1.617/2012',
    source: vacanza('brazil'),
    add: { '07-25 since 2012': { en: "Saint James' Day", pt: 'São Tiago' } }
  },
  {
    places: ['BR-CE'],
    law: 'São José, patron of the state',
    source: vacanza('brazil'),
    add: { '03-19': { en: 'Saint Joseph', pt: 'São José' } }
  },
  {
    places: ['BR-PB'],
    law: 'abolished by Lei estadual 10.601/2015',
    source: vacanza('brazil'),
    remove: ['07-26']
  },
  {
    places: ['BR-PR'],
    law: 'abolished by Lei estadual 18.384/2014',
    source: vacanza('brazil'),
    remove: ['12-19']
  },
  {
    places: ['BR-RN'],
    law: 'Lei estadual 7.831/2000',
    source: vacanza('brazil'),
    add: { '08-07': { en: 'Rio Grande do Norte Day', pt: 'Dia do Rio Grande do Norte' } }
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
    law: 'Public Holidays Act: by the moon as it is seen in Guyana, a day later',
    source: vacanza('guyana'),
    move: { '10 Dhu al-Hijjah': { '2027-05-16': '2027-05-17' }, '12 Rabi al-awwal': { '2027-08-14': '2027-08-15' } }
  },
  {
    places: ['GY'],
    law: 'Public Holidays Act, Cap. 19:07, s. 3: on a Sunday, the next working day',
    source: vacanza('guyana'),
    substitute: {
      since: 2022,
      weekdays: [0],
      weekend: [0],
      only: ['01-01', '05-01', '08-01', '12 Rabi al-awwal', '10 Dhu al-Hijjah']
    }
  },
  {
    places: ['GY'],
    law: 'declared in place of Christmas at the weekend',
    source: vacanza('guyana'),
    substitute: { since: 2024, weekdays: satSun, weekend: satSun, only: ['12-25', '12-26'] }
  }
]
