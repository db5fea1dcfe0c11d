// Corrections of date-holidays in South, Central and West Asia. Each with its law; `source` is what we read.
import { type Correction, satSun, vacanza } from './correction'

export const asia: readonly Correction[] = [
  {
    places: ['IN'],
    law: 'gazetted holiday of the Union by the circular of the Department of Personnel; Islamic dates by the moon',
    source: vacanza('india'),
    add: {
      '2026-03-04': 'Holi',
      '2026-03-21': 'Id-ul-Fitr',
      '2026-03-26': 'Ram Navami',
      '2026-03-31': 'Mahavir Jayanti',
      '2026-05-01': 'Buddha Purnima',
      '2026-05-27': 'Id-ul-Zuha (Bakrid)',
      '2026-06-26': 'Muharram',
      '2026-08-26': 'Milad-un-Nabi',
      '2026-09-04': 'Janmashtami',
      '2026-10-20': 'Dussehra',
      '2026-11-08': 'Diwali',
      '2026-11-24': "Guru Nanak's Birthday"
    }
  },
  {
    places: ['IN'],
    law: 'by the calendar, before the circular for 2027 has been read: compare',
    source: vacanza('india'),
    add: {
      '2027-03-10': 'Id-ul-Fitr',
      '2027-03-22': 'Holi',
      '2027-04-15': 'Ram Navami',
      '2027-04-18': 'Mahavir Jayanti',
      '2027-05-17': 'Id-ul-Zuha (Bakrid)',
      '2027-05-20': 'Buddha Purnima',
      '2027-06-16': 'Muharram',
      '2027-08-15': 'Milad-un-Nabi',
      '2027-08-25': 'Janmashtami',
      '2027-10-09': 'Dussehra',
      '2027-10-29': 'Diwali',
      '2027-11-14': "Guru Nanak's Birthday"
    }
  },
  {
    places: ['AE'],
    law: 'Cabinet Resolution 27 of 2024',
    source: vacanza('united_arab_emirates'),
    remove: ['27 Rajab', '1 Ramadan'],
    add: {
      '9 Dhu al-Hijjah since 2019': { en: 'Arafat Day', ar: 'وقفة عرفة' },
      '12-03': { en: 'National Day', ar: 'اليوم الوطني' }
    }
  },
  {
    places: ['BD'],
    law: 'notified since 2025; 17 March abolished in October 2024',
    source: vacanza('bangladesh'),
    remove: ['bengali-revised 12-3'],
    add: { '08-05 since 2025': { en: 'July Mass Uprising Day', bn: 'জুলাই গণ-অভ্যুত্থান দিবস' } }
  },
  {
    places: ['BD'],
    law: 'no longer a holiday since August 2024',
    source: vacanza('bangladesh'),
    remove: ['bengali-revised 4-31']
  },
  {
    places: ['BD'],
    law: "the government's yearly list; the library's table of these days ended in 2020",
    source: 'nager/Nager.Date; the lists of the Ministry of Public Administration as others quote them',
    remove: ['05-19', '08-24', '10-08'],
    add: {
      '2025-05-11': { en: "Buddha's Birthday", bn: 'বুদ্ধ পূর্ণিমা' },
      '2025-08-16': { en: 'Krishna Janmashtami', bn: 'জন্মাষ্টমী' },
      '2025-10-01 P2D': { en: 'Durga Puja', bn: 'দুর্গা পূজা' },
      '2026-05-01': { en: "Buddha's Birthday", bn: 'বুদ্ধ পূর্ণিমা' },
      '2026-09-04': { en: 'Krishna Janmashtami', bn: 'জন্মাষ্টমী' },
      '2026-10-20 P2D': { en: 'Durga Puja', bn: 'দুর্গা পূজা' }
    }
  },
  {
    places: ['AZ'],
    law: 'Labour Code, art. 105: Novruz takes five days; Victory Day 8 November; no day off on 18 October, 12 and 17 November',
    source: vacanza('azerbaijan'),
    remove: ['10-18 and if saturday,sunday then next monday', '11-12', '11-17'],
    add: {
      '01-20': { en: 'Martyrs Day', az: 'Ümumxalq hüzn günü' },
      '03-20 P5D since 2007': { en: 'Novruz', az: 'Novruz bayramı' },
      '11-08 since 2021': { en: 'Victory Day', az: 'Zəfər Günü' }
    }
  },
  {
    places: ['AZ'],
    law: 'Labour Code, art. 105: at the weekend, the next working day; the Cabinet sets out the year',
    source: vacanza('azerbaijan'),
    substitute: { since: 2027, weekdays: satSun, weekend: satSun, only: ['03-20 P5D since 2007', '11-08 since 2021'] },
    add: {
      '2026-03-25 P3D': { en: 'Novruz (substitute day)', az: 'Novruz bayramı' },
      '2026-03-30': { en: 'End of Ramadan (substitute day)', az: 'Ramazan bayramı' },
      '2026-05-29': { en: 'Feast of the Sacrifice (substitute day)', az: 'Qurban bayramı' },
      '2026-11-10': { en: 'Victory Day (substitute day)', az: 'Zəfər Günü' }
    }
  },
  {
    places: ['GE'],
    law: 'Labour Code, art. 30, as amended in 2024',
    source: vacanza('georgia'),
    add: { '05-17 since 2024': { en: 'Day of Family Purity and Respect for Parents', ka: 'ოჯახის სიწმინდის დღე' } }
  },
  {
    places: ['AM'],
    law: 'Law on Holidays and Memorable Days, as amended: 27 January is a day off, 3 to 5 January are working days',
    source: vacanza('armenia'),
    remove: ['01-03 P3D'],
    add: { '01-27': { en: 'Remembrance Day', hy: 'Հիշատակի օր' } }
  },
  {
    places: ['UZ'],
    law: 'additional day off by a decree of the President for 2026',
    source: vacanza('uzbekistan'),
    add: {
      '2026-01-02': 'Additional day off',
      '2026-05-28 P2D': 'Additional day off',
      '2026-08-31': 'Additional day off',
      '2026-12-31': 'Additional day off'
    }
  },
  {
    places: ['KZ'],
    law: 'Labour Code, art. 85: a holiday on a day off gives the next working day',
    source: vacanza('kazakhstan'),
    add: {
      '2026-03-25': { en: 'Nauryz (substitute day)', kk: 'Наурыз мейрамы' },
      '2027-03-24': { en: 'Nauryz (substitute day)', kk: 'Наурыз мейрамы' }
    }
  }
]
