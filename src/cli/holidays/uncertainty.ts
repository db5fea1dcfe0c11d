// Countries that announce holidays late or move working days, which no table can know. Printed at the top of the migration.

/** Dates that depend on the moon, or on a proclamation: the government announces them weeks or days before. */
const announcedLate: Readonly<Record<string, string>> = {
  AE: 'The Cabinet announces the holidays, those by the moon a few days before, and may move them to another weekday',
  AF: 'The government announces the Eids after the moon has been sighted',
  AL: 'The dates of the two Bajrams are announced each year',
  AO: 'The government may declare a bridge day a few days before',
  AR: 'The government fixes up to three bridge days for tourism by decree each year',
  AZ: 'The Cabinet publishes the dates of both Bayrams, and the days moved, each December',
  BD: 'The government publishes the dates each autumn; those of Islamic festivals depend on the sighting of the moon',
  BH: 'The government announces the Eids, and the days off in lieu, a few days before',
  BN: "The Prime Minister's Office publishes the dates each year; Islamic ones depend on the sighting of the moon",
  BR: 'Municipalities have holidays of their own; federal offices may close on further days by a yearly ordinance',
  BT: 'The government publishes the dates of the lunar calendar each year',
  CI: 'The dates of Islamic holidays are announced a few days before',
  DJ: 'The dates of Islamic holidays are announced a few days before',
  DZ: 'The dates of Islamic holidays are announced on the evening before',
  EC: 'The government may declare further bridge days',
  EG: 'The Prime Minister moves holidays in the week to a Thursday or a Sunday by a decree some days before',
  ES: 'Each region fixes its twelve days for the year: the Boletín Oficial del Estado lists them in October',
  ET: 'The dates of Islamic holidays depend on the sighting of the moon',
  FJ: "The government publishes next year's dates; that of Diwali follows the Hindu calendar",
  GH: 'The dates of the Eids, and days moved to make a long weekend, are announced by the Ministry of the Interior',
  GM: 'The dates of Islamic holidays are announced a few days before',
  GN: 'The dates of Islamic holidays are announced a few days before',
  GY: 'The dates of Phagwah, Deepavali and the Islamic holidays are published each year',
  ID: 'A joint decree of three ministers fixes the dates for each year, with days of collective leave (cuti bersama)',
  IN: 'The dates of most festivals are notified each autumn by the Union, and by each state for itself: compare both lists',
  IQ: 'The Council of Ministers announces the Eids, and further days off, a few days before',
  IR: 'Dates of the Islamic lunar calendar may be a day earlier or later',
  JO: 'The Prime Minister announces the Eids a few days before',
  KE: 'Eid-ul-Fitr, and further days, are declared in the Gazette a few days before',
  KH: 'The government publishes the dates of each year by a sub-decree in the autumn before',
  KM: 'The dates of Islamic holidays are announced a few days before',
  KR: 'The government may declare temporary holidays (임시공휴일) a few weeks before; days of national elections are holidays',
  KW: 'The Civil Service Commission announces the Eids a few days before, and moves other holidays',
  LA: 'The dates of the Lao lunar calendar are published each year',
  LB: 'The dates of Islamic holidays depend on the sighting of the moon',
  LK: 'The government publishes the Poya days and the other dates of each year in the Gazette of the year before',
  LY: 'The dates of Islamic holidays depend on the sighting of the moon',
  MA: 'The dates of Islamic holidays are announced after the moon has been sighted, on the evening before',
  MM: 'The government publishes the dates of each year, and may add days around Thingyan',
  MR: 'The dates of Islamic holidays are announced a few days before',
  MU: 'The dates of Hindu, Tamil, Chinese and Islamic festivals are published each year',
  MV: 'The President announces the dates of each year',
  MY: 'The federal and each state government publish the dates each year; Hari Raya depends on the moon, and days are added late',
  NE: 'The dates of Islamic holidays are announced a few days before',
  NG: 'The Ministry of Interior declares the Eids, and days off in lieu, a few days before',
  NP: 'The government publishes the dates of each Nepali year in spring',
  OM: 'The dates of the Eids, and days moved, are announced a few days before',
  PE: 'The government declares further days off for the public sector by a yearly decree',
  PH: 'The President proclaims the dates of each year the autumn before; the Eids, and special days, are added later',
  PK: 'The Cabinet Division publishes the dates each December; Islamic ones depend on the sighting of the moon',
  PS: 'The dates of Islamic holidays are announced a few days before',
  QA: 'The Amiri Diwan announces the Eid holidays a few days before',
  SA: 'The Ministry announces the Eid holidays, their length too, some weeks before; the moon decides',
  SD: 'The dates of Islamic holidays depend on the sighting of the moon',
  SG: "The Ministry of Manpower publishes next year's dates in spring; later years are not known, and polling days are added",
  SL: 'The dates of Islamic holidays are announced a few days before',
  SN: 'The dates of Islamic holidays are announced a few days before',
  SO: 'The dates of Islamic holidays depend on the sighting of the moon',
  SR: 'The dates of Holi, Divali and the Islamic holidays are published each year',
  SY: 'The dates of Islamic holidays are announced a few days before',
  TD: 'The dates of Islamic holidays are announced a few days before',
  TH: 'The Cabinet adds days off for each year, often a few weeks before; the Buddhist days follow the lunar calendar',
  TN: 'The dates of Islamic holidays are announced a few days before',
  TR: 'The government may add administrative leave that joins a Bayram with the weekend, a few days before',
  TT: 'The dates of Divali and Eid-ul-Fitr are announced each year',
  TZ: 'The dates of the Eids and Maulid depend on the sighting of the moon',
  UG: 'The dates of the Eids depend on the sighting of the moon',
  UZ: 'A decree of the President fixes the Hayits, and moves days off, for each year',
  XK: 'The dates of the two Bajrams are announced each year',
  YE: 'The dates of Islamic holidays depend on the sighting of the moon'
}

/** Some Saturdays or Sundays become working days in exchange for a bridge day: this file cannot open them. */
const movedDays: Readonly<Record<string, string>> = {
  AM: 'The government moves working days',
  AZ: 'The Cabinet moves working days',
  BY: 'The Council of Ministers moves working days by a yearly resolution',
  CN: "The State Council's yearly notice (in November) moves working days (调休)",
  GE: 'The government declares further days off',
  HU: 'A yearly decree of the minister moves working days',
  KG: 'The government moves working days',
  KZ: 'The government moves working days by a yearly decree',
  LV: 'The Cabinet moves working days of state institutions each year',
  MD: 'The government moves working days each year',
  RU: 'A yearly decree of the government moves days off',
  TJ: 'The government moves working days',
  TM: 'The government moves working days',
  TW: 'The Directorate-General of Personnel Administration publishes the working calendar of each year, which may move working days (補班)',
  UZ: 'A yearly decree of the President moves working days',
  VN: 'The Prime Minister approves the Tết and National Day holidays of each year, and may move working days'
}

/** Sentences for the header of the file; none if the law alone fixes the dates. */
export function uncertainty(country: string, year: number): readonly string[] {
  const late = announcedLate[country]
  const moved = movedDays[country]
  return [
    ...(late === undefined
      ? []
      : [`${late}. Compare with the announcement for ${year}, and run this again when it is out.`]),
    ...(moved === undefined
      ? []
      : [
          `${moved}: a day off in this file may be worked, and a Saturday or Sunday may become a working day, which this file does not open. Add such a day as an exception with opens_at and closes_at, once the calendar of ${year} is out.`
        ]),
    ...(remarks[country] ?? [])
  ]
}

const remarks: Readonly<Record<string, readonly string[]>> = {
  BA: [
    'Each entity has holidays of its own, and most religious days are days off for believers only: delete those on which you work.'
  ],
  CA: [
    'Employers under the Canada Labour Code (banks, telecoms, transport between provinces) also have 30 September and 26 December, in every province: add them if you are one.'
  ],
  CH: [
    'Only 1 August is a federal holiday: the cantons, and in some of them the communes, fix the others. Name the canton, and compare with your commune.'
  ],
  NL: [
    'Good Friday is no public holiday, and 5 May is a day off every fifth year (2030) in most collective agreements.'
  ],
  UY: [
    'By law only 1 January, 1 May, 18 July, 25 August and 25 December are paid days off; most offices close in Holy Week, too. Delete those on which you work.'
  ],
  US: [
    'These are federal holidays, and legal ones of a state: no law closes a private office. Delete those on which you work.'
  ],
  UA: [
    'Under martial law (since 2022-02-24) the holidays of the Labour Code are working days: Law 2136-IX, art. 6. So the dates below are comments. When martial law has ended, turn those on which you close into rows.'
  ]
}
