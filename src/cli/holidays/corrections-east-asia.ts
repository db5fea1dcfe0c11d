// Corrections of date-holidays in East and Southeast Asia. Each with its law; `source` is what we read.
import { type Correction, satSun, vacanza } from './correction'

export const eastAsia: readonly Correction[] = [
  {
    places: ['KR'],
    law: 'Seollal is the day before, the day and the day after (Regulations on Holidays of Government Offices, art. 2)',
    source: vacanza('south_korea'),
    remove: ['korean 01-0-01 P3D'],
    add: { 'korean 01-0-00 P3D': { en: 'Korean New Year', ko: '설날' } }
  },
  {
    places: ['KR'],
    law: 'Labour Day, with a substitute day (Public Holidays Act as amended in 2026)',
    source: vacanza('south_korea'),
    add: { '05-01 since 2026': { en: 'Labour Day', ko: '노동절' } },
    substitute: { since: 2026, weekdays: satSun, weekend: satSun, only: ['05-01 since 2026'] }
  },
  {
    places: ['KR'],
    law: 'day of the local elections (Public Official Election Act, art. 34; Regulations on Holidays, art. 2)',
    source: vacanza('south_korea'),
    add: { '2026-06-03': { en: 'Local Election Day', ko: '지방선거일' } }
  },
  {
    places: ['CN'],
    law: 'Spring Festival is New Year’s Eve to the third day, Labour Day is 1 and 2 May (State Council Decree 795 of 2024)',
    source: vacanza('china'),
    add: {
      'chinese 01-0-03': { en: 'Spring Festival', zh: '春节' },
      '05-02 since 2025': { en: 'Labour Day', zh: '劳动节' }
    }
  },
  {
    places: ['CN'],
    law: 'a holiday of a part of the people only, no day off for all (Decree 795, art. 3)',
    source: vacanza('china'),
    remove: ['06-01', '03-08 12:00', '05-04 12:00', '08-01 12:00']
  },
  {
    places: ['CN'],
    law: 'notice of the General Office of the State Council for 2026, of November 2025',
    source: vacanza('china'),
    add: {
      '2026-01-02 P2D': { en: "New Year's Day", zh: '元旦' },
      '2026-02-15 P9D': { en: 'Spring Festival', zh: '春节' },
      '2026-04-04 P3D': { en: 'Qingming Festival', zh: '清明节' },
      '2026-05-03 P3D': { en: 'Labour Day', zh: '劳动节' },
      '2026-10-04 P4D': { en: 'National Day', zh: '国庆节' }
    }
  },
  {
    places: ['CN'],
    law: 'a holiday at the weekend gives a working day off (Decree 795, art. 6); the yearly notice says which',
    source: vacanza('china'),
    substitute: { since: 2027, weekdays: satSun, weekend: satSun }
  },
  {
    places: ['TW'],
    law: 'Act on Memorial Days and Festivals (紀念日及節日實施條例, 2025-05-28)',
    source: vacanza('taiwan'),
    add: {
      '05-01 since 2026': { en: 'Labour Day', zh: '勞動節' },
      '09-28 since 2025': { en: "Confucius' Birthday", zh: '孔子誕辰紀念日' },
      '10-25 since 2025': { en: 'Taiwan Restoration Day', zh: '臺灣光復暨金門古寧頭大捷紀念日' },
      '12-25 since 2025': { en: 'Constitution Day', zh: '行憲紀念日' },
      '2026-02-15': { en: "Day before New Year's Eve", zh: '小年夜' },
      '2027-02-04': { en: "Day before New Year's Eve", zh: '小年夜' },
      '2028-01-24': { en: "Day before New Year's Eve", zh: '小年夜' },
      '2029-02-11': { en: "Day before New Year's Eve", zh: '小年夜' },
      '2030-02-01': { en: "Day before New Year's Eve", zh: '小年夜' }
    }
  },
  {
    places: ['TW'],
    law: 'on a Saturday the Friday before is off, on a Sunday the Monday after (rules on moved holidays of government offices)',
    source: vacanza('taiwan'),
    add: {
      'substitutes 02-28 if Saturday then previous Friday': { en: 'Peace Memorial Day', zh: '和平紀念日' },
      'substitutes 04-04 if Saturday then previous Friday': { en: "Children's Day", zh: '兒童節' },
      'substitutes 05-01 if Saturday then previous Friday if Sunday then next Monday': {
        en: 'Labour Day',
        zh: '勞動節'
      },
      'substitutes chinese 05-0-05 if Saturday then previous Friday': { en: 'Dragon Boat Festival', zh: '端午節' },
      'substitutes chinese 08-0-15 if Saturday then previous Friday': { en: 'Mid-Autumn Festival', zh: '中秋節' },
      'substitutes 09-28 if Saturday then previous Friday if Sunday then next Monday': {
        en: "Confucius' Birthday",
        zh: '孔子誕辰紀念日'
      },
      'substitutes 10-10 if Saturday then previous Friday': { en: 'National Day', zh: '國慶日' },
      'substitutes 10-25 if Saturday then previous Friday if Sunday then next Monday': {
        en: 'Taiwan Restoration Day',
        zh: '臺灣光復暨金門古寧頭大捷紀念日'
      },
      'substitutes 12-25 if Saturday then previous Friday if Sunday then next Monday': {
        en: 'Constitution Day',
        zh: '行憲紀念日'
      },
      '2027-04-06': { en: "Children's Day (substitute day)", zh: '兒童節（補假）' }
    }
  },
  {
    places: ['SG'],
    law: "the Ministry of Manpower's list for 2027",
    source: 'vacanza/holidays, singapore.py; nager/Nager.Date, SingaporeHolidayProvider',
    move: {
      '1 Shawwal': { '2027-03-09': '2027-03-10' },
      '10 Dhu al-Hijjah': { '2027-05-16': '2027-05-17' }
    },
    add: { '2027-05-20': 'Vesak Day' }
  },
  {
    places: ['ID', 'MY'],
    law: 'the new moon of 8 March and that of 6 May cannot be seen that evening (criteria of MABIMS); so has Singapore',
    source: "the times of new moon and sunset; the Ministry of Manpower's list for 2027",
    move: {
      '1 Shawwal': { '2027-03-09': '2027-03-10' },
      '10 Dhu al-Hijjah': { '2027-05-16': '2027-05-17' }
    }
  },
  {
    places: ['ID', 'MY'],
    law: 'the day after: the new moon of 8 March cannot be seen that evening (criteria of MABIMS)',
    source: "the times of new moon and sunset; the Ministry of Manpower's list for 2027",
    move: { '2 Shawwal': { '2027-03-10': '2027-03-11' } }
  },
  {
    places: ['MY-02', 'MY-03', 'MY-09', 'MY-11'],
    law: 'the day after Hari Raya Haji: the new moon of 6 May cannot be seen that evening (criteria of MABIMS)',
    source: "the times of new moon and sunset; the Ministry of Manpower's list for 2027",
    move: { '11 Dhu al-Hijjah': { '2027-05-17': '2027-05-18' } }
  },
  {
    places: ['MY-11'],
    law: 'Arafat Day, before Hari Raya Haji: the new moon of 6 May cannot be seen that evening (criteria of MABIMS)',
    source: "the times of new moon and sunset; the Ministry of Manpower's list for 2027",
    move: { '9 Dhu al-Hijjah': { '2027-05-15': '2027-05-16' } }
  },
  {
    places: ['MY'],
    law: "Wesak by the Prime Minister's Department's list for 2027, to be gazetted by each state",
    source: vacanza('malaysia'),
    add: { '2027-05-20': 'Vesak Day' }
  },
  {
    places: ['MY'],
    notIn: ['MY-02', 'MY-03', 'MY-11'],
    law: 'Holidays Act 1951, s. 3: on a Sunday, the next working day',
    source: vacanza('malaysia'),
    substitute: { since: 2023, weekdays: [0], weekend: satSun }
  },
  {
    places: ['MY-01', 'MY-02', 'MY-05', 'MY-07', 'MY-08', 'MY-10', 'MY-14', 'MY-16'],
    law: 'Thaipusam, by the lunar calendar; gazetted by the state',
    source: vacanza('malaysia'),
    add: { '2027-01-22': { en: 'Thaipusam', ms: 'Hari Thaipusam' } }
  },
  {
    places: ['TH'],
    law: 'Buddhist holidays by the Thai lunar calendar; Labour Day by the Labour Protection Act, s. 29',
    source: vacanza('thailand'),
    add: {
      '05-01': { en: 'National Labour Day', th: 'วันแรงงานแห่งชาติ' },
      '2027-02-21': { en: 'Makha Bucha', th: 'วันมาฆบูชา' },
      '2027-05-20': 'Vesak Day',
      '2027-07-18': { en: 'Asalha Puja', th: 'วันอาสาฬหบูชา' },
      '2027-07-19': { en: 'Buddhist Lent', th: 'วันเข้าพรรษา' }
    }
  },
  {
    places: ['TH'],
    law: 'day off by a decision of the Cabinet',
    source: vacanza('thailand'),
    add: { '2026-01-02': { en: 'Special holiday', th: 'วันหยุดพิเศษ' } }
  },
  {
    places: ['TH'],
    law: 'a holiday at the weekend gives the next working day off (Cabinet resolution of 2001; Labour Protection Act, s. 29)',
    source: vacanza('thailand'),
    substitute: { since: 2023, weekdays: satSun, weekend: satSun }
  },
  {
    places: ['VN'],
    law: 'National Day is two days, 2 September and one beside it, which the government chooses each year (Labour Code 2019, art. 112)',
    source: vacanza('vietnam'),
    add: {
      '2026-09-01': { en: 'National Day', vi: 'Quốc khánh' },
      '2027-09-03': { en: 'National Day', vi: 'Quốc khánh' }
    }
  },
  {
    places: ['VN'],
    law: 'a holiday on a weekly day off gives the next working day (Labour Code 2019, art. 111)',
    source: vacanza('vietnam'),
    substitute: {
      since: 2021,
      weekdays: satSun,
      weekend: satSun,
      only: ['01-01', 'vietnamese 3-0-10', '04-30', '05-01', '09-02']
    }
  },
  {
    places: ['ID'],
    law: 'Idul Fitri 1447 on 21 and 22 March (joint decree of three ministers for 2026)',
    source: vacanza('indonesia'),
    move: { '1 Shawwal': { '2026-03-20': '2026-03-21' }, '2 Shawwal': { '2026-03-21': '2026-03-22' } }
  },
  {
    places: ['PH'],
    law: 'Republic Acts 9492 and 10966: special non-working day',
    source: vacanza('philippines'),
    add: {
      '08-21': 'Ninoy Aquino Day',
      '11-01': "All Saints' Day",
      '12-08': 'Feast of the Immaculate Conception',
      '12-31': 'Last Day of the Year'
    }
  },
  {
    places: ['PH'],
    law: 'special non-working day by the yearly proclamation',
    source: vacanza('philippines'),
    add: {
      'chinese 01-0-01': 'Chinese New Year',
      'easter -1': 'Black Saturday',
      '2026-11-02': "All Souls' Day",
      '2026-12-24': 'Christmas Eve'
    }
  },
  {
    places: ['BN'],
    law: 'Armed Forces Day is 31 May',
    source: vacanza('brunei'),
    remove: ['03-31'],
    add: { '05-31': { en: 'Royal Brunei Armed Forces Day', ms: 'Hari Angkatan Bersenjata Diraja Brunei' } }
  }
]
