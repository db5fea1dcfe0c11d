// Corrections of date-holidays in the states of the USA. Each with its law; `source` is what we read.
import { type Correction, vacanza } from './correction'

const source = vacanza('united_states')
/** The text of the law, as the legislature or a copy of its code has it. */
const statute = 'the statute itself'

export const unitedStates: readonly Correction[] = [
  {
    places: ['US'],
    law: '5 U.S.C. 6103 (b): Veterans Day on a Saturday gives the Friday before, on a Sunday the Monday after',
    source,
    add: { 'substitutes 11-11 if sunday then next monday if saturday then previous friday': 'Veterans Day' }
  },
  {
    places: ['US-AR', 'US-IA', 'US-MS', 'US-ND', 'US-OK', 'US-OR', 'US-SC', 'US-TX', 'US-WA', 'US-WY'],
    law: 'the second Monday of October is no legal holiday of the state, only a federal one',
    source: statute,
    remove: ['2nd monday in October']
  },
  {
    places: ['US-AK'],
    law: "AS 44.12.010 does not list it: by AS 44.12.150 Indigenous Peoples' Day is observed, offices are open",
    source: statute,
    remove: ['2nd monday in October', '2nd monday in October #1']
  },
  {
    places: ['US-IA'],
    law: "Iowa Code 1C.1: Indigenous Peoples' Day is no legal holiday",
    source: statute,
    remove: ['2nd monday in October #1']
  },
  {
    places: ['US-KS', 'US-KY', 'US-NC'],
    law: "Washington's Birthday (K.S.A. 35-107; KRS 2.110; N.C.G.S. 103-4)",
    source: `${statute} (KS, KY); ${source} (NC)`,
    add: { '3rd monday in February': "Washington's Birthday" }
  },
  {
    places: ['US-AK'],
    law: 'AS 44.12.025: Alaska Day on a Saturday gives the Friday before, on a Sunday the Monday after',
    source,
    add: { 'substitutes 10-18 if saturday then previous friday if sunday then next monday': 'Alaska Day' }
  },
  {
    places: ['US-CA'],
    law: 'Government Code 6700, as amended by AB 268 of 2025',
    source,
    add: { '2026-11-08': 'Diwali', '2027-10-29': 'Diwali' }
  },
  {
    places: ['US-GA'],
    law: "O.C.G.A. 1-4-1 and the Governor's list: State Holiday on Good Friday since 2020",
    source,
    remove: ['monday before 05-01 #2'],
    add: { 'easter -2 since 2020': 'State Holiday' }
  },
  {
    places: ['US-GA'],
    law: "the Governor's list: Washington's Birthday is kept on the working day beside Christmas",
    source,
    remove: ['12-24', 'substitutes 12-24 if wednesday then next friday'],
    add: {
      '12-24 if wednesday then next friday if friday then previous thursday if saturday,sunday then next tuesday':
        "Washington's Birthday"
    }
  },
  {
    places: ['US-IL'],
    law: 'State Commemorative Dates Act: Malcolm X Day is commemorated, offices are open',
    source,
    remove: ['05-19']
  },
  {
    places: ['US-MD'],
    law: 'General Provisions 1-111: the day of each statewide general election',
    source: statute,
    add: { 'tuesday after 1st monday in November in even years': 'Election Day' }
  },
  {
    places: ['US-MA'],
    law: 'M.G.L. c. 4, s. 7: Evacuation Day and Bunker Hill Day are holidays in Suffolk County only',
    source,
    remove: ['03-17', '06-17']
  },
  {
    places: ['US-MA'],
    law: 'M.G.L. c. 4, s. 7: on a Sunday the day after; a Saturday gives no other day',
    source,
    remove: [
      '01-01 and if sunday then next monday if saturday then previous friday',
      '06-19 and if sunday then next monday if saturday then previous friday since 2021',
      '07-04 and if sunday then next monday if saturday then previous friday',
      'substitutes 11-11 if sunday then next monday if saturday then previous friday',
      '12-25 and if sunday then next monday if saturday then previous friday'
    ],
    add: {
      '01-01 and if sunday then next monday': "New Year's Day",
      '06-19 and if sunday then next monday': 'Juneteenth',
      '07-04 and if sunday then next monday': 'Independence Day',
      'substitutes 11-11 if sunday then next monday': 'Veterans Day',
      '12-25 and if sunday then next monday': 'Christmas Day'
    }
  },
  {
    places: ['US-ND'],
    law: 'N.D.C.C. 1-03-01: Good Friday',
    source: statute,
    add: { 'easter -2': 'Good Friday' }
  },
  {
    places: ['US-MT'],
    law: 'MCA 1-1-216: the day of the state general election, in even years; no day before Christmas or New Year',
    source: statute,
    remove: ['12-24', '12-31', 'tuesday after 1st monday in November'],
    add: { 'tuesday after 1st monday in November in even years': 'Election Day' }
  },
  {
    places: ['US-VA'],
    law: 'Code of Virginia 2.2-3300: Election Day, each year',
    source,
    remove: ['tuesday after 1st monday in November in even years since 2020'],
    add: { 'tuesday after 1st monday in November since 2020': 'Election Day' }
  },
  {
    places: ['US-VT'],
    law: '1 V.S.A. 371: Bennington Battle Day is 16 August; on a Saturday the Friday before, on a Sunday the Monday after',
    source: statute,
    remove: ['3rd monday in August'],
    add: {
      '08-16 and if saturday then previous friday if sunday then next monday': 'Bennington Battle Day'
    }
  },
  {
    places: ['US-WA'],
    law: 'RCW 1.16.050: Native American Heritage Day, the Friday after Thanksgiving',
    source: statute,
    add: { 'friday after 4th thursday in November': 'Native American Heritage Day' }
  },
  {
    places: ['US-WI'],
    law: 'Wis. Stat. 995.20: the days of the partisan primary (second Tuesday of August) and of the general election',
    source: statute,
    remove: ['02-15', '2nd tuesday in September', 'tuesday after 1st monday in November'],
    add: {
      '2nd tuesday in August in even years': 'Partisan Primary',
      'tuesday after 1st monday in November in even years': 'Election Day'
    }
  },
  {
    places: ['US-WV'],
    law: "West Virginia Code 2-2-1: the day of a general election; Lincoln's Day is the day after Thanksgiving; not 15 February",
    source,
    remove: ['02-15', '4th friday in November'],
    add: {
      'tuesday after 1st monday in November in even years': 'Election Day',
      'friday after 4th thursday in November': "Lincoln's Day"
    }
  },
  {
    places: ['US-SC'],
    law: 'South Carolina Code 53-5-10: the day after Thanksgiving, and 24 December',
    source: statute,
    add: { 'friday after 4th thursday in November': 'Day after Thanksgiving', '12-24': 'Christmas Eve' }
  },
  {
    places: ['US-NE', 'US-VA'],
    law: 'the day after Thanksgiving (Nebraska 62-301; Code of Virginia 2.2-3300)',
    source: 'the lists of state holidays; the statutes were not read',
    add: { 'friday after 4th thursday in November': 'Day after Thanksgiving' }
  },
  {
    places: ['US-NV'],
    law: 'NRS 236.015: Family Day is the Friday after the fourth Thursday of November, in some years the fifth Friday',
    source,
    remove: ['4th friday in November'],
    add: { 'friday after 4th thursday in November': 'Family Day' }
  },
  {
    places: ['US-UT'],
    law: 'Utah Code 63G-1-301: on a Saturday the Friday before, on a Sunday the Monday after',
    source,
    add: { 'substitutes 07-24 if saturday then previous friday if sunday then next monday': 'Pioneer Day' }
  },
  {
    places: ['US-WV'],
    law: 'West Virginia Code 2-2-1: on a Sunday the Monday after',
    source,
    add: { 'substitutes 06-20 if sunday then next monday': 'West Virginia Day' }
  }
]
