// Corrections of date-holidays in Europe, but for Spain. Each with its law; `source` is what we read.
import { type Correction, satSun, vacanza } from './correction'

export const europe: readonly Correction[] = [
  {
    places: ['BG'],
    law: 'Labour Code, art. 154 (1)',
    source: vacanza('bulgaria'),
    add: {
      'orthodox -1': { en: 'Holy Saturday', bg: 'Велика събота' },
      '12-26': { en: 'Boxing Day', bg: 'Рождество Христово' }
    }
  },
  {
    places: ['BG'],
    law: 'Labour Code, art. 154 (2): a holiday at the weekend, Easter excepted, gives the next working day',
    source: vacanza('bulgaria'),
    substitute: {
      since: 2017,
      weekdays: satSun,
      weekend: satSun,
      except: ['orthodox -2', 'orthodox -1', 'orthodox', 'orthodox 1']
    }
  },
  {
    places: ['BG'],
    law: 'Resolution 808 of the Council of Ministers of 2025-11-19',
    source: vacanza('bulgaria'),
    add: { '2026-01-02': { en: 'Day off', bg: 'Неприсъствен ден' } }
  },
  {
    places: ['GB-SCT'],
    law: 'Royal Proclamation for the World Cup of 2026',
    source: 'vacanza/holidays, united_kingdom.py; nager/Nager.Date #936',
    add: { '2026-06-15': 'Bank holiday for the World Cup' }
  },
  {
    places: ['SK'],
    law: 'Act 261/2025: 8 May and 15 September are working days in 2026 only',
    source: vacanza('slovakia'),
    add: {
      '05-08 since 2027': { en: 'Day of Victory over Fascism', sk: 'Deň víťazstva nad fašizmom' },
      '09-15 since 2027': { en: 'Our Lady of Sorrows', sk: 'Sedembolestná Panna Mária' }
    }
  },
  {
    places: ['UA'],
    law: 'a working day under martial law (Law 2136-IX of 2022, art. 6)',
    source: vacanza('ukraine'),
    suspend: { since: '2022-03-24' }
  },
  {
    places: ['CY'],
    law: 'Clean Monday is 48 days before Orthodox Easter, Kataklysmos the Monday after Pentecost',
    source: vacanza('cyprus'),
    remove: ['orthodox -47'],
    add: {
      'orthodox -48': { en: 'Clean Monday', el: 'Καθαρά Δευτέρα' },
      'orthodox 50': { en: 'Kataklysmos', el: 'Δευτέρα του Αγίου Πνεύματος' }
    }
  },
  {
    places: ['GR'],
    law: 'Labour Day is moved out of Holy Week, by a decision of the Minister of Labour',
    source: vacanza('greece'),
    add: { '2027-05-04': { en: 'Labour Day (moved)', el: 'Εργατική Πρωτομαγιά' } }
  },
  {
    places: ['AL'],
    law: 'Law 7651 on Official Holidays, as amended: 5 September in place of 19 October; 22 November',
    source: vacanza('albania'),
    remove: ['10-19 and if saturday,sunday then next monday'],
    add: {
      '09-05': { en: 'Mother Teresa Day', sq: 'Dita e Shenjtërimit të Shenjt Terezës' },
      '11-22': { en: 'Alphabet Day', sq: 'Dita e Alfabetit' }
    }
  },
  {
    places: ['AL'],
    law: 'Law 7651: a holiday at the weekend gives the next working day',
    source: vacanza('albania'),
    substitute: { since: 2020, weekdays: satSun, weekend: satSun, except: ['easter', 'orthodox'] }
  },
  {
    places: ['XK'],
    law: 'Law 03/L-064 on Official Holidays: a holiday at the weekend gives the next working day',
    source: vacanza('kosovo'),
    add: { '01-02': { en: "New Year's Day", sq: 'Viti i Ri' } },
    substitute: { since: 2020, weekdays: satSun, weekend: satSun }
  },
  {
    places: ['RS'],
    law: 'Law on State Holidays, art. 3a: a state holiday on a Sunday gives the next working day',
    source: vacanza('serbia'),
    add: { '2027-05-04': { en: 'Labour Day (substitute day)', sr: 'Празник рада' } }
  },
  {
    places: ['MD'],
    law: 'Labour Code, art. 111: Children’s Day',
    source: vacanza('moldova'),
    add: { '06-01 since 2016': { en: "Children's Day", ro: 'Ziua Ocrotirii Copilului' } }
  },
  {
    places: ['ME'],
    law: 'Law on State Holidays, as amended in 2022: Njegoš Day',
    source: vacanza('montenegro'),
    add: { '11-13 since 2022': { en: 'Njegoš Day', sr: 'Његошев дан' } }
  },
  {
    places: ['TR'],
    law: 'Law 2429, art. 2: Ramazan Bayramı takes three and a half days, Kurban Bayramı four and a half',
    source: vacanza('turkey'),
    remove: ['1 Shawwal PT90H', '10 Dhu al-Hijjah PT114H'],
    add: {
      '1 Shawwal P3D': { en: 'End of Ramadan (Eid al-Fitr)', tr: 'Ramazan Bayramı' },
      '10 Dhu al-Hijjah P4D': { en: 'Feast of the Sacrifice (Eid al-Adha)', tr: 'Kurban Bayramı' }
    }
  },
  {
    places: ['ME'],
    law: 'Law on Celebrating Religious Holidays: days off for believers only',
    source: vacanza('montenegro'),
    remove: [
      ...['julian 12-24', 'julian 12-25', 'julian 12-26', 'orthodox -2', 'orthodox', '12-24', '12-25', '12-26'],
      ...['easter -2', 'easter', 'easter 1', '11-01', '1 Shawwal P3D', '10 Dhu al-Hijjah P3D', '15 Nisan P2D'],
      '10 Tishrei P2D'
    ]
  },
  {
    places: ['HU'],
    law: 'decree of the Minister for National Economy on the working days of 2026',
    source: vacanza('hungary'),
    add: {
      '2026-01-02': { en: 'Day off (10 January is worked)', hu: 'Pihenőnap (január 10-e munkanap)' },
      '2026-08-21': { en: 'Day off (8 August is worked)', hu: 'Pihenőnap (augusztus 8-a munkanap)' },
      '2026-12-24': { en: 'Day off (12 December is worked)', hu: 'Pihenőnap (december 12-e munkanap)' }
    }
  },
  {
    places: ['FI'],
    law: 'no working day by the Annual Holidays Act (162/2005), s. 4',
    source: vacanza('finland'),
    add: {
      'friday after 06-19': { en: 'Midsummer Eve', fi: 'Juhannusaatto' },
      '12-24': { en: 'Christmas Eve', fi: 'Jouluaatto' }
    }
  },
  {
    places: ['FR-MF', 'MF'],
    law: 'Code du travail, art. L3422-2: 28 May in Saint-Martin',
    source: 'etalab/jours-feries-france-data, jours_feries_saint-martin.ics',
    remove: ['05-27'],
    add: { '05-28': { en: 'Abolition of Slavery', fr: "Abolition de l'esclavage" } }
  },
  {
    places: ['CH-LU'],
    law: 'treated as a public holiday in the whole canton (list of the Federal Office of Justice)',
    source: vacanza('switzerland'),
    add: {
      '01-02': { en: "Saint Berchtold's Day", de: 'Berchtoldstag' },
      'easter 1': { en: 'Easter Monday', de: 'Ostermontag' },
      'easter 50': { en: 'Whit Monday', de: 'Pfingstmontag' }
    }
  },
  {
    places: ['CH-UR'],
    law: 'a public holiday in each year (list of the Federal Office of Justice)',
    source: vacanza('switzerland'),
    remove: ['12-26 not on monday, friday'],
    add: { '12-26': { en: 'Saint Stephen', de: 'Stephanstag' } }
  },
  {
    places: ['CH-AI'],
    law: 'a public holiday (list of the Federal Office of Justice)',
    source: vacanza('switzerland'),
    add: { '12-08': { en: 'Immaculate Conception', de: 'Mariä Empfängnis' } }
  },
  {
    places: ['CH-SO'],
    law: 'a public holiday in six communes only (list of the Federal Office of Justice)',
    source: vacanza('switzerland'),
    remove: ['03-19']
  },
  {
    places: ['CH-GL'],
    law: 'no public holiday (list of the Federal Office of Justice)',
    source: vacanza('switzerland'),
    remove: ['12-24', '12-31']
  },
  {
    places: ['CH-GL'],
    law: 'Näfelser Fahrt is the first Thursday of April, a week later only in Holy Week',
    source: vacanza('switzerland'),
    remove: ['Thursday after 04-02 if is observance holiday then next Thursday'],
    add: {
      'Thursday after 04-01 if is observance holiday then next Thursday': { en: 'Näfelser Fahrt', de: 'Näfelser Fahrt' }
    }
  },
  {
    places: ['LI'],
    law: 'Arbeitsgesetz, art. 18: days treated as Sundays',
    source: vacanza('liechtenstein'),
    add: {
      '02-02': { en: 'Candlemas', de: 'Mariä Lichtmess' },
      '03-19': { en: 'Saint Joseph', de: 'Josefstag' },
      '08-15': { en: 'National Day', de: 'Staatsfeiertag' },
      '11-01': { en: "All Saints' Day", de: 'Allerheiligen' }
    }
  },
  {
    places: ['BY'],
    law: 'Decree 157 of 1998, as amended: 2 January',
    source: vacanza('belarus'),
    add: { '01-02 since 2020': { en: "New Year's Day", be: 'Новы год' } }
  },
  {
    places: ['GG', 'IM'],
    law: 'Late summer bank holiday, the last Monday of August',
    source: `${vacanza('guernsey')}; isle_of_man.py`,
    add: { 'Monday before September': 'Summer Bank Holiday' }
  },
  {
    places: ['IM'],
    law: 'Bank Holidays Act 1989: the Friday of the TT races, and Tynwald Day, at the weekend the Monday',
    source: vacanza('isle_of_man'),
    remove: ['2nd friday in June'],
    add: {
      'substitutes 07-05 if saturday,sunday then next monday': 'Tynwald Day',
      '2026-06-05': 'TT Bank Holiday',
      '2027-06-04': 'TT Bank Holiday'
    }
  },
  {
    places: ['GI'],
    law: 'Interpretation and General Clauses Act and the yearly notice',
    source: vacanza('gibraltar'),
    add: { '05-01': 'May Day', '2027-02-15': 'Winter Midterm Bank Holiday' }
  },
  {
    places: ['MC'],
    law: 'Loi 798 of 1966: Assumption on a Sunday gives the Monday',
    source: vacanza('monaco'),
    add: { 'substitutes 08-15 if sunday then next monday': { en: 'Assumption', fr: "L'Assomption" } }
  }
]
