// Numbers that a plan in Africa has since changed. PURE.
import { type Renumbering, beginnings, eachDigit, insert } from './renumbering-change'

export const renumberingsInAfrica: readonly Renumbering[] = [
  {
    source: 'Ivory Coast, 31 January 2021 (ARTCI): eight digits became ten, by the operator of the number',
    changes: [
      ...Array.from('0456789').flatMap((first) => [
        ...insert(11, eachDigit(`225${first}`, '0123'), '01', 3),
        ...insert(11, eachDigit(`225${first}`, '456'), '05', 3),
        ...insert(11, eachDigit(`225${first}`, '789'), '07', 3)
      ]),
      ...['2', '3'].flatMap((first) =>
        Array.from('0123456').flatMap((second) => [
          ...insert(11, `225${first}${second}8`, '21', 3),
          ...insert(11, `225${first}${second}0`, '25', 3)
        ])
      ),
      // Of the incumbent, the areas that the metadata know.
      ...insert(
        11,
        [
          eachDigit('22520', '23'),
          eachDigit('22521', '2357'),
          eachDigit('22522', '245'),
          eachDigit('22523', '45'),
          eachDigit('22524', '345'),
          '225306 225316 225319 225327 225337 225347 225357 225367'
        ].join(' '),
        '27',
        3
      )
    ]
  },
  {
    source: 'Benin, 30 November 2024 (ARCEP): 01 before the eight digits',
    changes: insert(11, eachDigit('229', '24569'), '01', 3)
  },
  {
    source: 'Gabon, 15 November 2019 (ARCEP): seven digits, or a 0 and seven, became eight',
    isOver: true,
    changes: [
      ...beginnings(11, '24101~24111 24102~24162 24105~24165 24106~24166 24104~24174 24107~24177'),
      ...beginnings(10, '2411~24111 2412~24162 2415~24165 2416~24166 2414~24174 2417~24177')
    ]
  },
  {
    source: 'Cameroon, 21 November 2014 (ART): a 2 before fixed, a 6 before mobile numbers',
    changes: [...insert(11, eachDigit('237', '23'), '2', 3), ...insert(11, eachDigit('237', '5679'), '6', 3)]
  },
  {
    source: 'Mauritius, 1 September 2013 (ICTA): a 5 before mobile numbers',
    changes: insert(
      10,
      `${eachDigit('230', '79')} 23025 230423 230429 23049 230820 ${eachDigit('23087', '15678')}`,
      '5',
      3
    )
  },
  {
    source: 'Morocco, 7 March 2009 (ANRT): a 5 before fixed, a 6 before mobile numbers',
    changes: [...insert(11, eachDigit('212', '23'), '5', 3), ...insert(11, eachDigit('212', '14567'), '6', 3)]
  },
  {
    source: 'Algeria, 22 February 2008 (ARPT): the first digit of mobile numbers was doubled',
    changes: beginnings(11, '2135~21355 2136~21366 2137~21377')
  },
  {
    source: 'Nigeria, 1 January 2024 (NCC): 20 before fixed numbers',
    changes: insert(11, eachDigit('234', '123456789'), '20', 3)
  },
  {
    // Fixed numbers are left out: in the old form, without a plus, they look like those of the Bahamas (242).
    source: 'Congo, 15 October 2010 (ARPCE): a 0 and the first digit before mobile numbers',
    changes: beginnings(10, '2424~242044 2425~242055 2426~242066')
  },
  {
    source: 'Chad, 15 March 2010 (OTRT): the first digit was doubled',
    changes: beginnings(10, '2352~23522 2356~23566 2357~23577 2359~23599')
  },
  {
    // Those of mobile numbers overlap: which operator it was decides, and the number does not say.
    source: 'Togo, 7 August 2011 (ARTP): a 2 before fixed numbers',
    changes: insert(10, eachDigit('228', '234'), '2', 3)
  },
  {
    source: 'Guinea-Bissau, 2014 (ARN): 44 before fixed, 95, 96 or 97 before mobile numbers',
    changes: beginnings(10, '2453~245443 2455~245955 2456~245966 2457~245977')
  },
  {
    source: 'Burkina Faso, 2014 (ARCEP): 24 in place of 40',
    changes: beginnings(11, '22640~22624')
  },
  {
    source: 'Egypt, 6 October 2011 (NTRA): mobile numbers of ten digits became eleven',
    changes: beginnings(11, '2010~20100 2016~20106 2019~20109 2012~20122 2017~20127 2018~20128 2011~20111 2014~20114')
  },
  {
    source: 'Saint Helena, 1 October 2013 (ITU): a 2 before the four digits',
    changes: insert(7, eachDigit('290', '234567'), '2', 3)
  },
  {
    source: 'Ascension, 1 June 2015 (ITU): a 6 before the four digits',
    changes: insert(7, eachDigit('247', '234567'), '6', 3)
  }
]
