// Corrections of date-holidays in Africa and Oceania. Each with its law; `source` is what we read.
import { type Correction, satSun, vacanza } from './correction'

/** On a Tuesday or Thursday, the day between it and the weekend. */
const angolanBridges: Readonly<Record<string, string>> = {
  '01-01': "New Year's Day",
  '02-04': 'Liberation Day',
  '03-08': "International Women's Day",
  '03-23': 'Southern Africa Liberation Day',
  '04-04': 'Peace Day',
  '05-01': 'Labour Day',
  '09-17': 'National Heroes Day',
  '11-02': "All Souls' Day",
  '11-11': 'Independence Day',
  '12-25': 'Christmas Day'
}

export const africaAndOceania: readonly Correction[] = [
  {
    places: ['AO'],
    law: 'Lei 11/18: 23 March; a holiday on a Tuesday or Thursday gives the Monday or Friday',
    source: vacanza('angola'),
    add: {
      '03-23 since 2019': { en: 'Southern Africa Liberation Day', pt: 'Dia da Libertação da África Austral' },
      'easter -48': { en: 'Carnival (bridge day)', pt: 'Carnaval (ponte)' },
      ...Object.fromEntries(
        Object.entries(angolanBridges).map(([day, name]) => [
          `substitutes ${day} if tuesday then previous monday if thursday then next friday`,
          `${name} (bridge day)`
        ])
      )
    }
  },
  {
    places: ['BJ'],
    law: 'Loi 2024-32, art. 2 and 3: the second Friday of January and the Thursday before it, not 10 January',
    source: vacanza('benin'),
    remove: ['01-10'],
    add: {
      '2nd friday in January since 2025': { fr: 'Fête annuelle des religions traditionnelles', en: 'Vodun Days' },
      'thursday before 2nd friday in January since 2025': {
        fr: 'Fête annuelle des religions traditionnelles',
        en: 'Vodun Days'
      }
    }
  },
  {
    places: ['GA'],
    law: 'Journal officiel 8 of 2024: Liberation Day; Ascension Day',
    source: vacanza('gabon'),
    add: {
      'easter 39 since 2018': { fr: 'Ascension', en: 'Ascension Day' },
      '08-30 since 2024': { fr: 'Journée nationale de la Libération', en: 'Liberation Day' }
    }
  },
  {
    places: ['GQ'],
    law: 'Decreto 9/2007: three more holidays; one on a day that is not worked gives the next working day',
    source: vacanza('equatorial_guinea'),
    add: {
      '03-08': { es: 'Día Internacional de la Mujer', en: "International Women's Day" },
      'easter -3': { es: 'Jueves Santo', en: 'Maundy Thursday' },
      '05-25': { es: 'Día de la Liberación Africana', en: 'African Liberation Day' }
    },
    substitute: { since: 2020, weekdays: satSun, weekend: satSun, except: ['03-08', '05-25'] }
  },
  {
    places: ['GH'],
    law: "Public Holidays (Amendment) Act of 2025: 1 July and Shaqq Day; Founder's Day is 21 September, not 4 August",
    source: vacanza('ghana'),
    remove: ['08-04 and if Saturday, Sunday then next Monday'],
    add: { '07-01 since 2025': 'Republic Day', '2 Shawwal since 2026': 'Shaqq Day' }
  },
  {
    places: ['EG'],
    law: 'decree of the Prime Minister: the Day of Arafah',
    source: vacanza('egypt'),
    add: { '9 Dhu al-Hijjah': { en: 'Day of Arafah', ar: 'يوم عرفة' } }
  },
  {
    places: ['ZA'],
    law: 'proclaimed by the President for the municipal elections',
    source: vacanza('south_africa'),
    add: { '2026-11-04': 'Local Government Elections' }
  },
  {
    places: ['MA'],
    law: 'Decree 2-77-169: the Eids and the Mawlid take two days',
    source: vacanza('morocco'),
    add: {
      '2 Shawwal': 'End of Ramadan (Eid al-Fitr)',
      '11 Dhu al-Hijjah': 'Feast of the Sacrifice (Eid al-Adha)',
      '13 Rabi al-awwal': 'Birthday of Muhammad (Mawlid)'
    }
  },
  {
    places: ['MA'],
    law: 'Royal decision of May 2023: the Amazigh New Year',
    source: 'nager/Nager.Date, MoroccoHolidayProvider and its test',
    add: { '01-14 since 2024': { en: 'Amazigh New Year', fr: 'Nouvel An amazigh' } }
  },
  {
    places: ['DZ'],
    law: 'Law 23-10 of 2023: the Eids take three days',
    source: vacanza('algeria'),
    add: {
      '2 Shawwal': 'End of Ramadan (Eid al-Fitr)',
      '3 Shawwal since 2023': 'End of Ramadan (Eid al-Fitr)',
      '11 Dhu al-Hijjah': 'Feast of the Sacrifice (Eid al-Adha)',
      '12 Dhu al-Hijjah since 2023': 'Feast of the Sacrifice (Eid al-Adha)'
    }
  },
  {
    places: ['BH'],
    law: 'Labour Law 36 of 2012 and its ministerial orders: Eid al-Fitr takes three days, Ashura two',
    source: vacanza('bahrain'),
    add: {
      '2 Shawwal': 'End of Ramadan (Eid al-Fitr)',
      '3 Shawwal': 'End of Ramadan (Eid al-Fitr)',
      '9 Muharram': 'Ashura'
    }
  },
  {
    places: ['NA'],
    law: 'Genocide Remembrance Day (Public Holidays Act, notice of 2024)',
    source: vacanza('namibia'),
    add: { '05-28 since 2025': 'Genocide Remembrance Day' }
  },
  {
    places: ['NG'],
    law: 'Public Holidays Act: no public holiday of the Federation',
    source: vacanza('nigeria'),
    remove: ['05-27', '11-01 since 2020', '1 Muharram']
  },
  {
    places: ['NG'],
    law: 'declared by the Ministry of Interior in place of a weekend',
    source: vacanza('nigeria'),
    substitute: { since: 2020, weekdays: satSun, weekend: satSun, only: ['12-25', '12-26'] }
  },
  {
    places: ['ET'],
    law: 'Public Holidays and Rest Days Proclamation; New Year is a day later in 2027, as in each year before a leap year',
    source: vacanza('ethiopia'),
    remove: [
      '01-06 in non-leap years',
      '09-11 in non-leap years',
      '09-12 in leap years',
      '09-27 in non-leap years',
      '09-28 in leap years',
      '03-28',
      '1 Ramadan'
    ],
    add: {
      '01-07': 'Ethiopian Christmas',
      '05-01': "International Workers' Day",
      '05-05': "Patriots' Victory Day",
      ...Object.fromEntries(
        [2025, 2026, 2027, 2028, 2029, 2030].flatMap((year) => [
          [`${year}-09-${year % 4 === 3 ? 12 : 11}`, "Ethiopian New Year's Day"],
          [`${year}-09-${year % 4 === 3 ? 28 : 27}`, 'Finding of the True Cross']
        ])
      )
    }
  },
  {
    places: ['TZ'],
    law: 'Public Holidays Act: Zanzibar Revolution Day is 12 January',
    source: vacanza('tanzania'),
    remove: ['01-02'],
    add: { '01-12': { en: 'Zanzibar Revolution Day', sw: 'Mapinduzi ya Zanzibar' } }
  },
  {
    places: ['ZM'],
    law: "Public Holidays Act: Women's Day is 8 March",
    source: vacanza('zambia'),
    remove: ['03-09'],
    add: { '03-08 and if sunday then next monday': "International Women's Day", '2026-08-13': 'General Election Day' }
  },
  {
    places: ['ZW'],
    law: 'Public Holidays and Prohibition of Business Act, s. 2: National Youth Day; a holiday on a Sunday gives the Monday',
    source: vacanza('zimbabwe'),
    add: { '02-21 since 2018': 'Robert Gabriel Mugabe National Youth Day' },
    substitute: { since: 2018, weekdays: [0], weekend: [0], except: ['easter'] }
  },
  {
    places: ['BW'],
    law: 'Public Holidays Act, s. 3 and schedule',
    source: vacanza('botswana'),
    add: { '10-01': 'Botswana Day Holiday' },
    substitute: { since: 2020, weekdays: satSun, weekend: satSun, only: ['05-01', '09-30', '10-01', '12-26'] }
  },
  {
    places: ['RW'],
    law: 'Presidential Order 060/01 of 2022: a holiday at the weekend gives the next working day',
    source: vacanza('rwanda'),
    substitute: { since: 2023, weekdays: satSun, weekend: satSun, except: ['04-07', '12-26'] }
  },
  {
    places: ['AU-NT'],
    law: 'Public Holidays Act (NT): 25 December is a holiday at the weekend, too; the day after it is additional',
    source: vacanza('australia'),
    add: { '12-25 since 2016': 'Christmas Day' }
  },
  {
    places: ['AU-SA'],
    law: 'Public Holidays Act 2023 (SA): 25 December is a holiday at the weekend, too; the day after it is additional',
    source: vacanza('australia'),
    add: { '12-25 since 2024': 'Christmas Day' }
  },
  {
    places: ['AU-TAS'],
    law: "Statutory Holidays Act 2000 (TAS): New Year's Day at the weekend is moved to the Monday",
    source: vacanza('australia'),
    remove: ['01-01 if saturday then next monday if sunday then next tuesday'],
    add: { '01-01 if saturday,sunday then next monday': "New Year's Day" }
  },
  {
    places: ['FJ'],
    law: "the government's lists for 2026 and 2027",
    source: vacanza('fiji'),
    remove: ['09-07'],
    add: {
      '2026-05-11': 'Girmit Day',
      '2026-05-29': 'Ratu Sir Lala Sukuna Day',
      '2026-11-09': 'Diwali (substitute day)',
      '2026-12-28': 'Boxing Day (substitute day)',
      '2027-05-17': 'Girmit Day',
      '2027-05-28': 'Ratu Sir Lala Sukuna Day',
      '2027-08-16': "Prophet Mohammed's Birthday (substitute day)",
      '2027-10-29': 'Diwali',
      '2027-12-28': 'Boxing Day (substitute day)'
    }
  }
]
